"""Every text of the pages is there in every language."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from shared.domain import codelists
from shared.platform.languages import LANGUAGES

CATALOGUES = {
    language: Path(f"shared/translations/{language}/LC_MESSAGES/messages.po")
    for language in LANGUAGES
    if language != "en"  # the language of the texts themselves
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The texts that stand in the code and the templates now."""
    target = tmp_path_factory.mktemp("texts") / "messages.pot"
    command = [
        "pybabel",
        "-q",
        "extract",
        "-F",
        "babel.cfg",
        "-k",
        "N_",
        "-k",
        "lazy_gettext",
        "-o",
        str(target),
        ".",
    ]
    subprocess.run([str(Path(sys.executable).parent / command[0]), *command[1:]], check=True)
    with target.open("rb") as file:
        return {message.id for message in read_po(file) if message.id}


def catalogue(language):
    with CATALOGUES[language].open("rb") as file:
        return read_po(file, locale=language)


def test_whatever_lists_the_languages_lists_all_of_them():
    folders = {path.parent.parent.name for path in Path().glob("shared/translations/*/*/*.po")}
    proxy = Path("deploy/Caddyfile").read_text(encoding="utf-8")

    assert folders | {"en"} == set(LANGUAGES)
    assert codelists.codes("languages") == LANGUAGES
    # each path that the proxy knows may begin with a language
    assert re.findall(r"\^/\(\(([a-z|]+)\)/\)\?", proxy) == ["|".join(LANGUAGES)] * 2


@pytest.mark.parametrize("language", CATALOGUES)
def test_the_catalogue_has_exactly_the_texts_of_the_pages(source, language):
    """If this fails, run “make messages” and translate what is new."""
    assert {message.id for message in catalogue(language) if message.id} == source


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_text_is_translated_and_none_is_a_guess(language):
    empty = [
        message.id for message in catalogue(language) if message.id and not all(_strings(message))
    ]
    fuzzy = [message.id for message in catalogue(language) if message.id and message.fuzzy]

    assert (empty, fuzzy) == ([], [])


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_translation_has_the_placeholders_of_its_source(language):
    wrong = []
    for message in catalogue(language):
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = set().union(*(PLACEHOLDER.findall(text) for text in sources))
        wrong += [
            message.id
            for text in _strings(message)
            if message.id and set(PLACEHOLDER.findall(text)) != wanted
        ]

    assert wrong == []


@pytest.mark.parametrize(("language", "forms"), [("fr", 2), ("es", 2), ("ar", 6)])
def test_plurals_have_all_forms_of_their_language(language, forms):
    plurals = [message for message in catalogue(language) if isinstance(message.id, tuple)]

    assert plurals
    assert {len(message.string) for message in plurals} == {forms}


def _strings(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)
