from __future__ import annotations

import pytest

from infra.campaigns.book import campaign_version
from infra.campaigns.reading import load_campaign, load_campaigns


def test_loads(directory):
    campaigns = load_campaigns(directory)
    assert campaigns.problems == ()
    [one] = campaigns.loaded
    assert one.campaign.answers.topics == ("golf", "ryder cup")
    assert one.path == directory / "test.yaml"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        (
            "  minimum_volume: 100",
            "  minimum_volme: 100",
            15,
            "`answers.minimum_volme` is unknown; did you mean `minimum_volume`?",
        ),
        ("lane: express", "lanes: express", 30, "did you mean `lane`?"),
        ("    accent:", "    acent:", 8, "did you mean `accent`?"),
        ("    line: Be", "    lines: Be", 19, "did you mean `line`?"),
        ("    size: {width: 1080,", "    size: {widht: 1080,", 23, "did you mean `width`?"),
        ("  - name: square", "  - nam: square", 22, "did you mean `name`?"),
        ("lane: express", "zzz: 1", 30, "known here are"),
        ("lane: express", "lane: expres", 30, "did you mean 'express'?"),
        ("  markets: [US, GB]", "  markets: [US, uk]", 13, "two-letter country code in capitals"),
        ("  languages: [en]", "  languages: [English]", 14, "a language is a tag"),
        ('primary: "#101010"', "primary: #101010", 6, "quotation marks"),
        ('primary: "#101010"', "primary: red", 6, 'a colour is written "#e4572e"'),
        ("  minimum_volume: 100", "  minimum_volume: -1", 15, "greater than or equal to 0"),
        ("  minimum_volume: 100", "  minimum_volume: lots", 15, "write a whole number"),
        ("  topics: [golf, ryder cup]", "  topics: golf", 12, "write a list"),
        ("  topics: [golf, ryder cup]", "  topics: []", 12, "at least 1"),
        ("  drafts: 4", "  drafts: 0", 25, "greater than or equal to 1"),
        ("  promote: 1", "  promote: 9", 24, "write promote <= drafts"),
        ("  per_day_usd: 5.0", "  per_day_usd: 0.5", 27, "a day must hold at least one brief"),
        ("  per_day_usd: 5.0", "", 27, "`budget.per_day_usd` is missing; write per_day_usd: 20.00"),
        ("  per_brief_usd: 1.0", "  per_brief_usd: .inf", 28, "finite"),
        ("campaign_id: test", "campaign_id: My Campaign", 2, "small letters"),
        ("Big day for golf", '"{name} day"', 18, "the only slot is {topic}"),
        ("  languages: [en]", "  languages: [en, ja]", 2, "copy_lines has no ja"),
        ("width: 1080", "width: 9", 23, "greater than or equal to 16"),
        ("  logo: logo.png", "  logo: missing.png", 9, "does not exist"),
        ("  logo: logo.png", "  logo: ../logo.png", 9, "outside the campaign's directory"),
        ("[product.png]", "[product.png, test.yaml]", 10, "is not an SVG, PNG, JPEG or WebP"),
    ],
)
def test_errors_have_a_line_and_say_what_to_write(broken, old, new, line, words):
    path = broken(old, new)
    campaign, problems = load_campaign(path)
    assert campaign is None
    assert [problem.line for problem in problems] == [line], problems
    assert words in problems[0].reason
    assert str(problems[0]).startswith(f"{path}:{line}: ")


def test_every_error_of_a_file_is_reported(broken):
    path = broken("  markets: [US, GB]\n  languages: [en]", "  markets: [usa]\n  langages: [en]")
    _, problems = load_campaign(path)
    assert [problem.line for problem in problems] == [13, 14]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("  name: Test", "  name: Test: the best", 4, "quotation marks"),
        ("  name: Test", "  name: [Test", 5, "not valid YAML"),
        ("  name: Test", "\tname: Test", 4, "indent with spaces"),
        ("lane: express", "lane: express\nlane: standard", 31, "the same key twice"),
        ("lane: express", "---\nlane: express", 30, "two documents"),
    ],
)
def test_yaml_errors_have_a_line(broken, old, new, line, words):
    _, [problem] = load_campaign(broken(old, new))
    assert problem.line == line
    assert words in problem.reason


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is not a mapping"),
        ("- a\n- b", "is not a mapping"),
        ("[" * 200_000, "deep"),
        ("a: " + "[" * 200 + "]" * 200, "deep"),
        ("a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(8)
        ), "aliases"),
        ("x: " + "y" * 300_000, "256 kB"),
        ("a: &a [*a]", ""),
    ],
    ids=["empty", "list", "brackets", "deep", "laughs", "large", "self"],
)  # fmt: skip
def test_hostile_yaml_is_refused(directory, content, words):
    path = directory / "test.yaml"
    path.write_text(content)
    campaign, problems = load_campaign(path)
    assert campaign is None
    assert words in problems[0].reason


def test_bytes_that_are_no_utf8(directory):
    (directory / "test.yaml").write_bytes(b"campaign_id: a\nbrand: \xff\n")
    _, [problem] = load_campaign(directory / "test.yaml")
    assert problem.line == 2
    assert "UTF-8" in problem.reason


def test_one_broken_file_leaves_the_others(directory, broken):
    good = (directory / "test.yaml").read_text()
    (directory / "good.yaml").write_text(good.replace("campaign_id: test", "campaign_id: good"))
    broken("lane: express", "lane: soon")
    campaigns = load_campaigns(directory)
    assert [one.campaign.campaign_id for one in campaigns.loaded] == ["good"]
    assert len(campaigns.problems) == 1


def test_two_campaigns_with_one_id(directory):
    (directory / "zz.yaml").write_text("# second\n" + (directory / "test.yaml").read_text())
    campaigns = load_campaigns(directory)
    assert len(campaigns.loaded) == 1
    [problem] = campaigns.problems
    assert (problem.line, "test.yaml" in problem.reason) == (3, True)


def test_no_directory_and_no_files(tmp_path):
    assert "not a directory" in load_campaigns(tmp_path / "none").problems[0].reason
    assert "no *.yaml" in load_campaigns(tmp_path).problems[0].reason


def test_the_version_changes_with_anything(directory, broken):
    before = load_campaigns(directory).loaded[0].version
    assert before == load_campaigns(directory).loaded[0].version
    broken("Be ready", "Be quick")
    assert load_campaigns(directory).loaded[0].version != before
    assert campaign_version(load_campaigns(directory).loaded[0].campaign) == load_campaigns(directory).loaded[0].version
