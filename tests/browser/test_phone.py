"""A shop floor in China: a report, a decision and a signature on a narrow phone, in Chinese."""

from tests.browser.conftest import Company
from tests.browser.people import PHONE, Device
from tests.browser.person import Person, minutes_ago

NARROW = PHONE[0]
THUMB = 44
"""Pixels that a thumb needs."""


def fits(person: Person) -> None:
    person.page.wait_for_load_state("domcontentloaded")
    wide = person.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= NARROW, f"{person.page.url} is {wide} wide"


def reaches(person: Person, link: str) -> None:
    """Insist that a thumb reaches every such link: what is folded is opened first."""
    person.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    links = person.page.locator(link)
    high = links.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    person.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = false)")
    assert high, f"no {link}"
    assert min(high) >= THUMB, f"{link} is {min(high)} px high"


def test_a_report_is_made_and_decided_on_a_phone_in_chinese(company: Company) -> None:
    phones = company(Device(PHONE, "zh"))
    agent = phones("an.qi")
    fits(agent)
    agent.follows("报告问题")
    fits(agent)
    agent.answers(
        {
            "公司内第一个人是什么时候知道": minutes_ago(40),
            "哪个国家或地区": "中国",
            "报告从哪里来": "门店",
            "产品": ("月露润肤霜",),
        }
    )
    agent.opens_part("月露润肤霜的批次")
    agent.answers(
        {
            "产品；": ("DC2605A",),
            "到目前为止，最严重": ("就医治疗、可恢复",),
            "受伤害人数": "1",
            "产品有什么问题": ("腐蚀/pH 异常",),
            "什么人用": ("一般成人",),
            "受影响产品现在在哪里": ("已到消费者手中",),
            "在哪些市场": ("中国",),
            "告诉您的人原话怎么说": "用了两晚，脸颊发红，去了医院。",
        }
    )
    agent.presses("提交报告")
    agent.sees("月露润肤霜，批号 DC2605A")
    fits(agent)
    phones.incident = agent.page.url.partition("?")[0]

    officer = phones("zhou.mo")
    officer.does("我已看到，正在处理")
    chief = phones("gao.yuan")
    chief.does("作为事件受理")
    fits(chief)

    lead = phones("cheng.bo")
    lead.opens_the_incident("停售")
    fits(lead)
    reaches(lead, "#halt-in-time a[href^='tel:']")
    reaches(lead, ".places a[href='/duties']")
    lead.follows("该渠道已停止", beside="东区仓库")
    fits(lead)
    lead.fills_in("该渠道已停止", {"怎样得知的？": "货架已检查"})

    regulatory = phones("bai.lu")
    regulatory.opens_the_incident("通报")
    fits(regulatory)
    regulatory.follows("判定：无需报告")
    fits(regulatory)
    regulatory.fills_in("判定：无需报告", {"为什么？": "已并入召回报告。"})
    signer = phones("fang.zheng")
    signer.signs("判定：无需报告")
    fits(signer)
