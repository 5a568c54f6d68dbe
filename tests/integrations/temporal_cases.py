"""Workflows and activities that send every kind of message; for the tests of codec and plugin.

A file of its own because the sandbox loads a workflow's module anew for every run.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, ChildWorkflowError

SECRET = "hives on both arms"
"""A word that no history may show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One message of every test."""

    text: str
    at: datetime = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    lots: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What the long workflow carries from run to run."""

    first: Note
    seen: tuple[str, ...] = ()
    runs: int = 0


@activity.defn(name="answer")
async def answer(note: Note) -> Note:
    """Answer, after failing once in a way that leaves heartbeat details behind."""
    beats = activity.info().heartbeat_details
    if note.text.startswith("beat") and not beats:
        activity.heartbeat(SECRET)
        raise ApplicationError("not yet")
    text = f"{note.text}, {beats[0]}" if beats else note.text
    return Note(text=f"answered {text}", at=note.at, lots=note.lots, count=note.count + 1)


@activity.defn(name="fail")
async def fail(note: Note) -> Note:
    """Fail for good, telling what must not be seen."""
    raise ApplicationError(note.text, note.text, type="no_use", non_retryable=True)


@activity.defn(name="await_forgery")
async def await_forgery(note: Note) -> Note:
    """Let a forger answer in our place at the first asking; answer quickly at the second."""
    if note.text not in _ASKED:
        _ASKED.add(note.text)
        activity.raise_complete_async()
    return Note(text=f"ours: {note.text}")


_ASKED: set[str] = set()


@workflow.defn(name="relative")
class Relative:
    """A child that talks back to its parent."""

    @workflow.run
    async def run(self, note: Note) -> Note:
        """Signal the parent, then answer or fail."""
        parent = workflow.info().parent
        if parent is not None:
            handle = workflow.get_external_workflow_handle(parent.workflow_id)
            await handle.signal("tell", Note(text=f"told by the {note.text}"))
        if note.text == "failing child":
            raise ApplicationError(SECRET, SECRET, type="no_use")
        return Note(text=f"the {note.text} is done")


@workflow.defn(name="whole_life")
class WholeLife:
    """Lives until told, keeping everything it hears; sends and gets every kind of message."""

    @workflow.init
    def __init__(self, life: Life) -> None:
        """Take over what an earlier run saw."""
        self.seen = list(life.seen)
        self.ending = ""

    @workflow.run
    async def run(self, life: Life) -> Note:
        """Do everything once in the first run, continue as new, then wait for the end."""
        if life.runs == 0:
            await self._send_everything(life.first)
        await workflow.wait_condition(lambda: self.ending != "")
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self.ending == "turn over":
            workflow.continue_as_new(
                Life(first=life.first, seen=tuple(self.seen), runs=life.runs + 1)
            )
        return Note(text="ended", lots=tuple(self.seen), count=life.runs)

    async def _send_everything(self, note: Note) -> None:
        soon = timedelta(seconds=5)
        answered = await workflow.execute_activity(
            answer, note, start_to_close_timeout=soon, summary=SECRET
        )
        self.seen.append(f"{answered.text} {answered.at:%H:%M} {answered.lots} {answered.count}")
        locally = await workflow.execute_local_activity(
            answer, Note(text="local"), start_to_close_timeout=soon
        )
        self.seen.append(locally.text)
        again = await workflow.execute_activity(
            answer,
            Note(text="beat"),
            start_to_close_timeout=soon,
            heartbeat_timeout=soon,
            retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=10)),
        )
        self.seen.append(again.text)
        try:
            await workflow.execute_activity(fail, note, start_to_close_timeout=soon)
        except ActivityError as error:
            self._keep_cause(error.cause)
        await workflow.sleep(timedelta(milliseconds=1), summary=SECRET)
        workflow.set_current_details(SECRET)
        workflow.upsert_memo({"private": SECRET})
        await self._send_to_children()

    async def _send_to_children(self) -> None:
        here = workflow.info().workflow_id
        child = await workflow.execute_child_workflow(
            Relative.run, Note(text="child"), id=f"{here}/child"
        )
        self.seen.append(child.text)
        try:
            await workflow.execute_child_workflow(
                Relative.run, Note(text="failing child"), id=f"{here}/failing"
            )
        except ChildWorkflowError as error:
            self._keep_cause(error.cause)

    def _keep_cause(self, cause: BaseException | None) -> None:
        assert isinstance(cause, ApplicationError)
        self.seen.append(f"{cause.type}: {cause.message} {cause.details[0]}")

    @workflow.update(name="act")
    def act(self, note: Note) -> Note:
        """Keep a note; answer with how many there are."""
        return self._hear(note)

    @act.validator
    def _act_is_well_formed(self, note: Note) -> None:
        """Refuse what could never be an act."""
        if not note.text:
            raise ApplicationError("empty", type="malformed")

    @workflow.update(name="act_unchecked")
    def act_unchecked(self, note: Note) -> Note:
        """Do the same without a validator."""
        return self._hear(note)

    def _hear(self, note: Note) -> Note:
        if note.text == "refuse me":
            raise ApplicationError(SECRET, type="refused")
        self.seen.append(note.text)
        return Note(text=f"heard {note.text}", count=len(self.seen))

    @workflow.signal(name="tell")
    def tell(self, note: Note) -> None:
        """Keep a note."""
        self.seen.append(note.text)

    @workflow.signal(name="end")
    def end(self, note: Note) -> None:
        """End this run."""
        self.ending = note.text

    @workflow.query(name="seen_since")
    def seen_since(self, note: Note) -> tuple[str, ...]:
        """Show what was heard from place `note.count` on."""
        return tuple(self.seen[note.count :])


@workflow.defn(name="asks_once")
class AsksOnce:
    """Waits for one activity's answer."""

    @workflow.run
    async def run(self, note: Note) -> Note:
        """Ask, and give back what was answered."""
        return await workflow.execute_activity(
            await_forgery,
            note,
            activity_id="asked",
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(maximum_attempts=1),
        )


WORKFLOWS = (WholeLife, Relative, AsksOnce)
ACTIVITIES = (answer, fail, await_forgery)
