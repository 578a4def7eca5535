"""Every language says the same, by the same keys and values; and Chinese is written as Chinese is."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lenet import texts
from lenet.texts import Message, speaking, text
from lenet.ui import head

OTHERS = [language for language in texts.languages() if language != texts.DEFAULT]
ENGLISH, CHINESE = texts.table(), texts.table("zh")
HAN = "\u4e00-\u9fff"
NAMES = re.compile(  # that Chinese writes as English does
    r"ReLU|sigmoid|tanh|AdamW?|LeNet-5|MNIST|SGD|user/name|Esc|Ctrl|Shift|UTC|MB"
)
SENTENCES = {  # values that are texts of the table, or join others: in Chinese nothing stands between
    "damage", "description", "epochs", "field", "first", "lowers", "name", "operation", "raises", "reason", "second",
    "stage", "sum", "what",
}  # fmt: skip


def sentences(entry: texts.Entry) -> list[str]:
    return [entry] if isinstance(entry, str) else [*entry.values()]


def values(entry: texts.Entry) -> set[str]:
    return {place[0] for sentence in sentences(entry) for place in texts.PLACE.finditer(sentence)}


def chinese() -> Iterator[tuple[str, str]]:
    return ((key, sentence) for key, entry in CHINESE.items() for sentence in sentences(entry))


def test_the_languages_are_the_files_english_first() -> None:
    assert texts.languages()[0] == "en"
    assert {"en", "zh"} <= {*texts.languages()}
    names = [texts.table(language)["language.name"] for language in texts.languages()]
    assert len({*names}) == len(names)


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_the_same_entries_in_the_same_order(language: str) -> None:
    assert [*texts.table(language)] == [*ENGLISH]


@pytest.mark.parametrize("language", OTHERS)
def test_an_entry_has_the_same_values_and_forms_in_each_language(language: str) -> None:
    table = texts.table(language)
    assert [key for key in ENGLISH if values(table[key]) != values(ENGLISH[key])] == []
    assert [key for key in ENGLISH if isinstance(table[key], str) != isinstance(ENGLISH[key], str)] == []
    assert [key for key, entry in table.items() if isinstance(entry, dict) and "other" not in entry] == []


def test_nothing_is_left_in_english() -> None:
    same = [key for key in ENGLISH if {*sentences(CHINESE[key])} & {*sentences(ENGLISH[key])}]
    words = {key: NAMES.sub("", texts.PLACE.sub("", " ".join(sentences(CHINESE[key])))) for key in same}
    assert [key for key in same if re.search("[A-Za-z]{2,}|[.!?]$", words[key])] == []
    untold = [key for key, sentence in chinese() if key not in same and not re.search(f"[{HAN}、（）：，]", sentence)]
    assert untold == ["common.sentences", "language.tag", "link.both"]


def test_punctuation_beside_chinese_is_as_wide_as_chinese() -> None:
    beside = re.compile(rf"[{HAN}][,.!?:;()]|[,.!?:;()][{HAN}]|[，。：；、（）？！] | [，。：；、（）？！]")
    assert [(key, sentence) for key, sentence in chinese() if beside.search(sentence.removesuffix(".jsonl"))] == []


def test_a_space_stands_between_chinese_and_latin_letters_or_figures() -> None:
    places = [
        (key, re.sub(r"\{(\w+)[^{}]*\}", lambda x: "\ue000" if x[1] in SENTENCES else "0", s)) for key, s in chinese()
    ]
    without = re.compile(rf"[{HAN}][A-Za-z0-9`+(]|[A-Za-z0-9`%)°][{HAN}]")
    assert [(key, sentence) for key, sentence in places if without.search(sentence)] == []
    twice = re.compile(rf"[{HAN}]  |  [{HAN}]|[{HAN}] [{HAN}]")
    assert [(key, sentence) for key, sentence in places if twice.search(sentence)] == []


def test_the_field_s_terms_are_used() -> None:
    wrong = re.compile(
        "核函数|特征映射|卷基|过滤器|采样层|置信率|拟合度|回放率|召回度|精度|鲁棒度|时代|纪元|批次大小|逻辑值"
    )
    assert [(key, sentence) for key, sentence in chinese() if wrong.search(sentence)] == []


def test_one_more_file_is_one_more_language(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for language in texts.languages():
        (tmp_path / f"{language}.json").write_text(json.dumps(texts.table(language)))
    other = {**ENGLISH, "language.name": "Esperanto", "language.tag": "eo", "page.draw": "Desegni</script>"}
    (tmp_path / "eo.json").write_text(json.dumps(other))
    monkeypatch.setattr(texts, "TABLES", tmp_path)
    texts.languages.cache_clear()
    written = head.lines("page.description", [], "base/", [], [], [])
    monkeypatch.undo()
    texts.languages.cache_clear()
    data = re.findall(r'<script type="application/json" id="languages">(.*?)</script>', written)
    (described,) = map(json.loads, data)
    assert [*described] == ["en", "eo", "zh"]
    assert described["eo"]["name"] == "Esperanto"
    assert described["eo"]["table"] == "./base/texts/eo.json"
    assert described["eo"]["texts"]["page.draw"] == "Desegni</script>"
    assert described["en"]["texts"] == {}  # it stands in the HTML


def test_python_can_speak_another_language() -> None:
    count = Message("runs.epochs", {"count": 3})
    assert str(count) == "3 epochs"
    with speaking("zh"):
        assert str(count) == "3 轮"
        assert text("recipe.one_of", field=Message("form.data"), known=["auto", "sample"]) == (
            "数据必须是以下之一：auto、sample。"
        )
    assert str(count) == "3 epochs"
    with pytest.raises(KeyError, match="xx"), speaking("xx"):
        pass
