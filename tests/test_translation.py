"""Subjects and metrics in English: of words that questions are read by, places by their sound, or not at all."""

import pytest

from assistant import thesaurus, translation


@pytest.mark.parametrize(
    ("printed", "english"),
    [
        ("台江经开区", "Taijiang Economic Development Zone"),
        ("正安县经济开发区", "Zheng'an County Economic Development Zone"),
        ("碧江区", "Bijiang District"),
        ("遵义市", "Zunyi"),
        ("都匀市", "Duyun"),  # its second letter is read du only in few names
        ("贵州青禾铝业有限公司", "贵州青禾铝业有限公司"),  # nobody but the firm can tell its English name
        ("陕西", ""),  # Shaanxi: not its pinyin
        ("青禾开发区", ""),  # no known place
        ("这家企业", ""),
    ],
)
def test_subjects(printed: str, english: str) -> None:
    assert translation.subject(printed) == english


@pytest.mark.parametrize(
    ("printed", "english"),
    [
        ("规上工业总产值", "industrial output value above designated size"),
        ("铝及铝加工产业链的产值", "output value of the aluminium industrial chain"),
        ("规上工业增加值的增速", "growth rate of industrial added value above designated size"),
        ("规模以上工业的增加值", "added value of industry above designated size"),
        ("地区生产总值增速", "growth rate of GDP"),
        ("增速", "growth rate"),
        ("生产整车", ""),  # no "production car"
        ("突破产值", ""),  # a word that has no English here
        ("产值的", ""),
    ],
)
def test_metrics(printed: str, english: str) -> None:
    """Invariant: every word has its English, or the metric has none."""
    assert translation.metric(printed) == english


@pytest.mark.parametrize("place", sorted(translation._PLACES))
def test_a_place_so_spelt_is_read(place: str) -> None:
    """Invariant: a question that spells the place as it is spelt here asks about that place."""
    spelt = thesaurus.spelling(place)
    names = [one for one in thesaurus.load().same(f"What was the GDP of {spelt} in 2024?") if one.name]
    assert place in [other for one in names for other in one.others]
