"""A run whose every text tries to break out of where it is shown."""

from __future__ import annotations

from schemas.signals import Headline
from tests.support import factories as make
from workers.reporting.run_view import RunView

SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = '" onerror="alert(2)" x="'
MARKUP = "[bold red]loud[/bold red] [link=https://evil.example]here[/link]"
CONTROL = "\x1b]8;;https://evil.example\x07here\x1b[31mred\x00\u202egnp.exe"
EVIL = SCRIPT + ATTRIBUTE + MARKUP + CONTROL


def hostile_view() -> RunView:
    view = RunView()
    signal = make.make_signal(EVIL, source=EVIL, headlines=(Headline(text=EVIL, source=EVIL),))
    finding = make.make_finding(words=EVIL, where=EVIL)
    blocked = make.make_signal("other " + EVIL)
    brief = make.make_brief(signal, brand=make.make_brand("<b>" + CONTROL), style=(EVIL,))
    draft = make.make_draft(brief, model_version=EVIL, prompt_text=EVIL)
    final = make.make_refinement(brief, draft, model_version=EVIL)
    card = make.make_scorecard(draft, measurements=(make.make_measurement("text.contrast", detail=EVIL),))
    view.apply_all([
        signal, blocked, brief, draft, final, card, make.make_scorecard(final),
        make.make_signal_outcome(
            blocked, "blocked", reason=EVIL, topic=EVIL, verdict=make.make_verdict("blocked", findings=(finding,))
        ),
        make.make_signal_outcome(signal, "briefed", reason=EVIL, briefs=(brief.brief_id,)),
        make.make_promoted(draft, reasons=[EVIL]),
        make.make_lineage("refinement-drifted", final.job.job_id, facts={"reasons": [EVIL]}, brief_id=brief.brief_id),
        make.make_asset(brief, draft, (final,), topic=EVIL),
        make.make_failure(make.make_draft_job(brief, 1), error=EVIL, reason=EVIL),
        make.make_brief_outcome(brief, reason=EVIL),
        make.make_dead_letter(reason=EVIL, error=EVIL, topic=EVIL, worker=EVIL),
    ])  # fmt: skip
    view.reject_input(EVIL, EVIL, EVIL)
    view.note_problem(EVIL)
    return view
