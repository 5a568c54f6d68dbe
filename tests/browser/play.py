"""One incident as people of the company live it, told stage by stage: who does what on which page.

What belongs here: the story, in the order of the plan. What never does: how a page is found or
filled (person.py), or an address: people follow links and press buttons.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.browser.people import People
from tests.browser.person import Answers, in_days, minutes_ago

LOT = "DC2603A"
FIRST_TO_ACCEPT = ("lin.wei", "qiu.ning", "su.ran", "cheng.bo")
"""Those whose work begins at once; the others accept in their own time."""


@dataclass
class Play:
    """An incident on its way; `paper` is a document that people attach."""

    people: People
    paper: Path

    # ------------------------------------------------------------ the whole

    def is_half_played(self) -> None:
        """From the accepted report to the first words in public."""
        self.is_halted()
        self.is_seen_on_sale()
        self.is_investigated()
        self.is_scoped()
        self.is_recalled()
        self.is_answered_in_public()

    def is_ended(self) -> None:
        """From there to the seal."""
        self.is_brought_by_hand()
        self.is_carried_out()
        self.is_brought_back()
        self.is_told_to_authorities()
        self.is_found()
        self.is_completed()
        self.is_resumed()
        self.is_learnt_from()
        self.is_sealed()

    # ------------------------------------------------------------ report

    def is_reported(self) -> None:
        """A shop called: an agent answers the five questions and pulls the cord."""
        agent = self.people("an.qi")
        agent.follows("Report a problem")
        agent.answers(
            {
                "When did the first person": minutes_ago(70),
                "In which country": "China",
                "Who was that person?": "Wang Fang, manager of the store in Suzhou",
                "How did the report reach us?": "Telephone",
                "Products, and lots": ("Moon Dew Face Cream",),
            }
        )
        agent.opens_part("Lots of Moon Dew Face Cream")
        agent.answers(
            {
                "Products, and lots ": (LOT,),
                "What is the worst thing": ("Clearly visible damage",),
                "People hurt": "1",
                "Of these, seriously": "1",
                "Cities or regions": "Suzhou",
                "What is wrong": ("Burns the skin",),
                "Who uses it": ("Other adults",),
                "Where is the affected product": ("People have it at home",),
                "In which markets?": ("China",),
                "What happened, in the words": "Blisters on both cheeks after three evenings.",
            }
        )
        agent.sees("Serious")
        agent.presses("Report, and stop")
        agent.sees("Moon Dew Face Cream, lot")
        self.people.incident = agent.page.url.partition("?")[0]

    def is_accepted(self) -> None:
        """The duty officer has seen it; the commander accepts and names the team."""
        self.people("zhou.mo").does("I have seen it and look into it")
        chief = self.people("gao.yuan")
        chief.does("Accept as an incident")
        chief.opens_the_incident()
        chief.follows("Name the team")
        chief.presses("Name these")
        chief.sees("Gao Yuan named Lin Wei as Quality-safety responsible person")
        for name in FIRST_TO_ACCEPT:
            self.people(name).does("I take this role")

    def is_registered(self) -> None:
        """The hurt person gets a record of their own, with duties of its own."""
        lead = self.people("mei.lin")
        told: Answers = {"What happened to the person?": ("Admitted to hospital",)}
        lead.does("Register a hurt person", told, at="Report")
        lead.sees("Report of a serious adverse reaction")

    # ------------------------------------------------------------ halt

    def is_halted(self) -> None:
        """The trade stops too, by decision; a second person confirms; channels answer."""
        chief = self.people("gao.yuan")
        chief.opens_the_incident("Halt")
        chief.follows("Halt now")
        chief.presses("Show what would follow")
        chief.sees("channels must stop")
        chief.fills_in("Halt now", {})
        self.people("qiu.ning").does("Confirm: the halt stays")
        lead = self.people("cheng.bo")
        for channel in ("Samples, testers and gifts desk", "East warehouse"):
            lead.opens_the_incident("Halt")
            lead.follows("This channel has stopped", beside=channel)
            told: Answers = {"How do you know?": "Shelves checked", "Units set apart": "120"}
            lead.fills_in("This channel has stopped", told)

    def is_seen_on_sale(self) -> None:
        """Somebody sees it on a shelf all the same; it is found and settled."""
        watcher = self.people("tian.ye")
        watcher.opens_the_incident("Halt")
        watcher.follows("It is still on sale here", beside="East warehouse")
        seen: Answers = {"Where and how was it seen?": "Two boxes at the gate", "Units sold": "3"}
        watcher.fills_in("It is still on sale here", seen)
        lead = self.people("cheng.bo")
        lead.opens_the_incident("Halt")
        lead.sees("still on sale")
        lead.follows("I take this channel over", beside="East warehouse")
        lead.fills_in("I take this channel over", {"What will you do?": "I drive there now."})

    # ------------------------------------------------------------ investigation

    def is_investigated(self) -> None:
        """Evidence is sealed and tested, a fact verified, the hazard evaluated."""
        quality = self.people("qiu.ning")
        quality.does(
            "Keep this as evidence",
            {
                "What is it?": "Jar of the customer, one third used",
                "Where does it come from?": "The customer, by the store",
                "When was it taken?": minutes_ago(20),
                "Where was it taken?": "Suzhou",
                "Where is it kept?": "Laboratory, fridge 2",
                "Number of the seal": "S-1187",
                "Which lot": (LOT,),
                "Photograph or document": self.paper,
            },
            at="Investigation",
        )
        quality.does(
            "Order a test",
            {
                "Which laboratory?": "Own laboratory",
                "By which method?": "pH",
                "Which sample?": ("E1",),
            },
            at="Investigation",
        )
        quality.does(
            "Record the result",
            {
                "The result": "pH 11.8",
                "What does it say": ("Outside the limit",),
                "The limit": "4.5 to 7.5",
            },
            at="Investigation",
        )
        fact: Answers = {"What is the fact called?": "Jars made", "What is known?": "4800"}
        quality.does("Record a fact", fact, at="Investigation")
        colleague = self.people("xu.lan")
        colleague.does("Verify this fact", {"How was it checked?": "Batch record"}, "Investigation")
        self.people("pan.shu").does(
            "Evaluate the health hazard",
            {
                "Has anyone fallen ill": "One person, blisters",
                "Which conditions": "Alkaline, pH 11.8",
                "Who is at risk": "Everybody who uses it, children most",
                "How serious is the hazard": "Burns of the skin",
                "How likely is it to occur": "Likely for the whole lot",
                "What follows at once": "Burns, and scars that may stay",
                "If someone uses it": ("Serious, but treatable",),
                "How likely is that harm": ("Reasonably likely",),
                "Would a user notice": ("No",),
                "What qualifies": "Registered safety assessor",
            },
        )

    def is_found(self) -> None:
        """The cause is found and signed by two."""
        self.people("qiu.ning").does(
            "Sign the finding on the cause",
            {
                "What did the investigation find?": ("The cause is confirmed",),
                "On which evidence": ("E1", "T1"),
                "I released one of the lots": ("No",),
                "The cause, as far as found": "Cleaning agent left in line 2",
                "Where it came into the product": ("In our own production",),
            },
        )
        self.people("lin.wei").signs("Sign the finding on the cause")

    # ------------------------------------------------------------ recall

    def is_scoped(self) -> None:
        """Which lots, and who received them; who is left out is named first, and asks for a why."""
        chief = self.people("gao.yuan")
        chief.opens_the_incident().follows("Set the scope")
        chief.answers(
            {
                "Units made": "4800",
                "Units never shipped": "240",
                "Units shipped": "4560",
                "Units scrapped": "0",
                "Of these, sold": "2100",
                "In which markets?": frozenset({"China"}),
                "Who received these lots?": frozenset({"Hemu Living Stores", "Fenghe Trading"}),
                "Why these lots and no others?": "Filled after the cleaning of line 2",
            },
        )
        chief.presses("Set the scope").sees("Not signed yet: look at this first")
        why = "Why are these markets and consignees left out?"
        chief.fills_in("Set the scope", {why: "Their batches were never sold on"})

    def is_recalled(self) -> None:
        """The commander proposes, two sign; then the plan of the recall."""
        chief = self.people("gao.yuan")
        chief.does(
            "Decide: take it back",
            {
                "Why?": "Burns are likely and nobody notices before use",
                "What else was weighed": "A withdrawal would leave it at home",
            },
        )
        for name in ("lin.wei", "shen.anlan"):
            self.people(name).signs("Decide: take it back")
        chief.does(
            "Sign the recall plan",
            {
                "How are people reached?": ("Telephone", "Notice in shops"),
                "By when must it be done?": f"{in_days(30)}T18:00",
                "How many consignees are checked?": ("A: all consignees",),
                "Percent of consignees": "90",
                "What else must be true": "Nobody sells it any more",
            },
        )
        self.people("lin.wei").signs("Sign the recall plan")

    def is_carried_out(self) -> None:
        """Consignees are told, answer, and are checked."""
        lead = self.people("cheng.bo")
        told: Answers = {"How?": "Telephone", "The text as it was sent": self.paper}
        lead.does("Record who was told", told)
        for consignee in ("Fenghe Trading", "Hemu Living Stores"):
            lead.opens_the_incident("Recall")
            lead.follows("Record this consignee's answer", beside=consignee)
            numbers: Answers = {"Received": "1500", "Still there": "700", "Of these, set": "700"}
            more: Answers = {"Sold on": "800", "How do you know?": "Their form"}
            lead.fills_in("Record this consignee's answer", numbers | more)
        checker = self.people("tang.jie")
        for consignee in ("Fenghe Trading", "Hemu Living Stores"):
            checker.opens_the_incident("Recall")
            checker.follows("Record an effectiveness check", beside=consignee)
            seen: Answers = {"How was it checked?": ("Visit",), "They were told": ("Yes",)}
            checker.fills_in("Record an effectiveness check", seen | {"They did": ("Yes",)})

    def is_brought_back(self) -> None:
        """Goods come in, consumers are told and get their money."""
        counted: Answers = {
            "Where do they stand?": "Hall 3, locked",
            "Units": "1400",
            "Counted again by": ("Cheng Bo",),
            "In what condition?": ("Unopened",),
            "Where from?": ("A consignee",),
            "Which consignee?": ("Hemu Living Stores",),
        }
        self.people("tang.jie").does("Count goods in", counted, at="Recall")
        self.people("an.qi").does(
            "Give the remedy",
            {
                "What does the person get?": ("Refund",),
                "How was the lot shown?": ("A photo",),
                "Amount": "99.00",
                "When did they ask?": minutes_ago(30),
            },
            at="Recall",
        )
        told: Answers = {"How?": "Telephone", "The text as it was sent": self.paper}
        public: Answers = {"How many readers": "2100", "The list of readers": self.paper}
        self.people("su.ran").does("Record who was told", told | public, at="Recall")

    def is_completed(self) -> None:
        """Completed by us, asked of the authority, terminated by the authority."""
        self.people("gao.yuan").does("The recall is completed here", at="Recall")
        self.people("bai.lu").signs("The recall is completed here")
        letter: Answers = {"Which authority?": "Provincial regulator", "Our letter": self.paper}
        self.people("gao.yuan").does("Ask the authority to terminate", letter, at="Recall")
        self.people("bai.lu").signs("Ask the authority to terminate")
        answer: Answers = {
            "Which authority?": "Provincial regulator",
            "The authority's letter": self.paper,
            "Date of the letter": in_days(0),
        }
        self.people("bai.lu").does("The authority terminated", answer, at="Recall")

    # ------------------------------------------------------------ statement

    def is_answered_in_public(self) -> None:
        """A first statement: drafted, mended, approved by six, and published."""
        author = self.people("ye.fan")
        author.opens_the_incident()
        author.follows("Write a text", under="Holding statement")
        author.fills_in("Write a text", {})
        author.opens_the_incident()
        author.follows("Change this text", under="Holding statement")
        for number, gaps in enumerate(GAPS):
            author.rewrites("Text", number, partial(filled, gaps=gaps))
        author.fills_in("Change this text", {})
        author.does("Hand in for approval")
        for name in ("su.ran", "fang.zheng", "lin.wei", "bai.lu", "han.yue", "oliver.hayes"):
            self.people(name).does("Approve exactly this text")
        self.is_published()

    def is_published(self) -> None:
        """Through the gate, read back."""
        lead = self.people("su.ran")
        lead.opens_the_incident("Statement")
        lead.follows("S1")
        lead.follows("Publish exactly this text")
        lead.fills_in(
            "Publish exactly this text",
            {
                "Which of these do you confirm": (
                    "The phone number was answered",
                    "Staff and hotline have",
                    "All promotion has stopped",
                    "No personal data",
                    "Counsel of the listed",
                )
            },
        )
        lead.opens_the_incident("Statement")
        lead.follows("S1")
        lead.sees("the same bytes")

    def is_brought_by_hand(self) -> None:
        """The press gets it from a person, who says what stands there."""
        lead = self.people("su.ran")
        text = lead.page.get_by_role("article").filter(has_text="First statement").first
        words = text.locator("div").first.inner_text()
        lead.follows("It stands there now")
        told: Answers = {"Link, or how": "By mail to twelve desks", "The text as it stands": words}
        lead.fills_in("It stands there now", told)

    # ------------------------------------------------------------ notice

    def is_told_to_authorities(self) -> None:
        """Every duty is filed with its proof, or two people determine that nothing is."""
        regulatory = self.people("bai.lu")
        report: Answers = {
            "How was it sent?": "Portal of the authority",
            "When was it sent?": minutes_ago(5),
            "The text as it was sent": "Recall of one lot, one person hurt.",
            "Receipt or number": "2026-118",
        }
        for duty in ("Report on a recall", "Report of a serious adverse reaction"):
            regulatory.opens_the_incident("Notice")
            regulatory.follows("File the first report", beside=duty)
            regulatory.fills_in("File the first report", report)
            self.people("fang.zheng").signs("File the first report")
        for duty in ("Self-inspection report", CONSUMER_LAW):
            regulatory.opens_the_incident("Notice")
            regulatory.follows("Determine: nothing to file", beside=duty)
            regulatory.fills_in("Determine: nothing to file", {"Why?": "It is part of the report."})
            self.people("fang.zheng").signs("Determine: nothing to file")

    # ------------------------------------------------------------ review

    def is_resumed(self) -> None:
        """Selling again is a signed act of two."""
        basis: Answers = {
            "What shows that it is safe?": "Cause removed, lot destroyed",
            "How much goes on again?": ("All that is stopped",),
        }
        self.people("gao.yuan").does("Resume sale", basis, at="Halt")
        self.people("lin.wei").signs("Resume sale")

    def is_learnt_from(self) -> None:
        """An action is assigned, done, and verified by somebody else; a lesson is kept."""
        self.people("gao.yuan").does(
            "Assign this action",
            {
                "What must be done?": "Check the rinse of line 2",
                "What is it for?": ("Corrective",),
                "Who does it?": "Lei Gang",
                "By when?": in_days(20),
                "How will we see": "Ten fillings in range",
            },
            at="Review",
        )
        self.people("lei.gang").does("This action is done", {"What was done?": "Installed"})
        worked: Answers = {"Did it work?": ("It worked",), "What did you find?": "Ten of ten"}
        self.people("xu.lan").does("Verify that it worked", worked)
        lesson: Answers = {"What did we learn?": "A rinse is checked before filling"}
        self.people("qiu.ning").does("Record a lesson", lesson, at="Review")

    def is_sealed(self) -> None:
        """Three people close it; nothing is asked any more, and the record is whole."""
        chief = self.people("gao.yuan")
        summary: Answers = {
            "What happened": "One lot recalled, the cause removed.",
            "If something stays open": "The board and the review meet in December.",
        }
        chief.does("Close the incident", summary, at="Review")
        for name in ("lin.wei", "fang.zheng"):
            self.people(name).signs("Close the incident")
        chief.opens_the_incident()
        chief.sees("This incident is closed and sealed.")
        chief.sees("No clock is running.")


CONSUMER_LAW = "by the consumer law"
"""The duty whose overlap with the regulation on cosmetics counsel judges."""

GAPS = (
    {
        "{{heard|收到的反映（一句话）}}": "有消费者使用后面部起水疱",
        "{{hotline_hours|热线服务时间}}": "每日8时至22时",
    },
    {
        "{{heard|what we heard, in one clause}}": "one person had blisters after using it",
        "{{hotline_hours|hours of the phone line}}": "8:00 to 22:00 every day",
    },
)
"""What the first draft leaves open, in both of its languages."""


def filled(text: str, gaps: dict[str, str]) -> str:
    """Fill the gaps of a first draft."""
    for gap, words in gaps.items():
        text = text.replace(gap, words)
    return text
