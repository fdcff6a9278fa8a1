"""The report and its targets."""

from dataclasses import replace

from benchmarks.limits import KeyLimits, Round
from benchmarks.report import NOTES, render, targets, with_notes
from tests.benchmarks.samples import formats, ledger, load, results, streams


def test_every_target_is_measured_as_a_ratio_within_the_rounds():
    assert [(target.measured, target.met) for target in targets(results())] == [
        ("0.120 (0.120–0.120)", True),
        ("8.7 (8.7–8.7) ×", True),
        ("0.50 (0.50–0.50) ms", True),
        ("1.000 (1.000–1.000)", True),
        ("6.0 (6.0–6.0) µs", True),
        *[("3.0 (3.0–3.0) µs", True)] * 4,
        ("1.0 (1.0–1.0) µs", True),
        ("30.0 s", True),
        ("80 MB", True),
        ("0.100 s", True),
        ("50.0 KB", True),
    ]


def test_a_figure_out_of_reach_is_called_missed():
    slow = [
        replace(sample, load=replace(load("strict"), requests=100), cpu_us_per_request=166.0)
        if sample.peer == "strict"
        else sample
        for sample in results().samples
    ]
    large = ledger(audit_s=61.0, audit_mib=301.0, usage_s=[0.1, 0.3, 0.3])
    dear = formats(**{"chat on messages": 31.0, "pooled": 111.0})
    missed = targets(results(samples=slow, streams=streams(rss_kib=500_000), ledger=large, formats=dear))
    assert [target.met for target in missed] == [
        *(False, True, True, False, True),
        *(True, True, False, True, False),  # the third translation, and the pool
        *(False, False, False, False),
    ]
    assert "| **missed** |" in render(results(samples=slow))


def test_a_run_of_streams_only_has_one_target_and_no_throughput():
    alone = results(samples=[], metered=[], ledger=None, formats=None)
    report = render(alone)
    assert len(targets(alone)) == 1
    assert "## Streams" in report
    assert "## Throughput" not in report


def test_ratios_need_the_peer_they_are_taken_to():
    alone = [sample for sample in results().samples if sample.peer in ("strict", "direct")]
    report = render(results(samples=alone))
    assert "strict: throughput, of direct" in report
    assert "of nginx |" not in report


def test_fewer_streams_than_wanted_are_said():
    assert "allows 400 streams of the 5,000" in render(results(streams=streams(streams=400)))


def test_a_noisy_machine_is_said():
    noisy = [replace(sample, others_share=0.4) for sample in results().samples]
    assert "not quiet" in render(results(samples=noisy))
    assert "not quiet" not in render(results())


def test_notes_of_people_survive_a_new_report():
    written = with_notes("old\n", "") + "\nWhat remains: nothing.\n"
    again = with_notes("new\n", written)
    assert again.startswith("new\n")
    assert again.endswith("What remains: nothing.\n")
    assert with_notes("new\n", again) == again
    assert again.count(NOTES) == 1


def test_a_run_without_an_earlier_version_has_no_ratio_to_it():
    alone = [sample for sample in results().samples if sample.peer != "earlier"]
    report = render(results(samples=alone, against=None))
    assert "earlier" not in report and "## Processor time" in report


def test_what_all_limits_cost_is_measured_beside_a_key_without_any():
    dear = [
        replace(sample, cpu_us_per_request=160.5) if sample.peer == "limited" else sample
        for sample in results().samples
    ]
    [target] = [each for each in targets(results(samples=dear)) if each.text.startswith("all limits on")]
    assert (target.measured, target.met) == ("10.5 (10.5–10.5) µs", False)
    assert "all limits on, added" in render(results(samples=dear))
    alone = [sample for sample in dear if sample.peer != "limited"]
    assert "all limits on, added" not in render(results(samples=alone))


def test_what_the_limits_of_a_key_cost_is_taken_within_each_round_of_turns():
    rounds = [
        Round((100.0, 104.0), (111.0, 109.0)),
        Round((100.0, 100.0), (110.5, 110.5)),
        Round((90.0, 90.0), (101, 101)),
    ]
    [target] = [each for each in targets(results(limits=KeyLimits(rounds))) if each.text.startswith("a key with all")]
    assert (target.measured, target.met) == ("10.5 (8.0–11.0) µs", False)
    [target] = [
        each for each in targets(results(limits=KeyLimits(rounds[:1]))) if each.text.startswith("a key with all")
    ]
    assert (target.measured, target.met) == ("8.0 (8.0–8.0) µs", True)


def test_what_a_translation_adds_is_taken_to_the_same_streams_of_the_same_provider():
    report = render(results(samples=[], metered=[], streams=None, ledger=None))
    assert "| messages on chat, translated | 8.0 (8.0–8.0) | 3.0 (3.0–3.0) |" in report
    assert "| messages, as the provider speaks | 5.0 (5.0–5.0) |  |" in report
    assert "| a model of three, the others in another format | 101 (101–101) | 1 (1–1) |" in report
