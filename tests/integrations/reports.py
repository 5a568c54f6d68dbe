"""Delivery reports as mail servers write them."""

from textwrap import dedent


def report(
    to: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 <desk@news.example>: Recipient address rejected: User unknown",
    reader: str = "desk@news.example",
    more: str = "",
) -> bytes:
    """Give a report as Postfix writes it, about a mail whose return path was `to`."""
    return dedent(
        f"""\
        Return-Path: <>
        Received: by mail.example (Postfix) id 4F1C2; Mon, 2 Mar 2026 09:31:02 +0000
        Date: Mon, 2 Mar 2026 09:31:02 +0000
        From: MAILER-DAEMON@mail.example (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: {to}
        {more}Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
            boundary="4F1C2.1772443862/mail.example"

        This is a MIME-encapsulated message.

        --4F1C2.1772443862/mail.example
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not
        be delivered to one or more recipients.

        --4F1C2.1772443862/mail.example
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mail.example
        X-Postfix-Queue-ID: 4F1C2
        Arrival-Date: Mon, 2 Mar 2026 09:30:59 +0000

        Final-Recipient: rfc822; {reader}
        Original-Recipient: rfc822;{reader}
        Action: {action}
        Status: {status}
        Remote-MTA: dns; mx.news.example
        Diagnostic-Code: {said}

        --4F1C2.1772443862/mail.example
        Content-Description: Undelivered Message
        Content-Type: message/rfc822

        From: press@qinglan.example
        To: {reader}
        Subject: First statement

        We have stopped sale.

        --4F1C2.1772443862/mail.example--
        """
    ).encode()
