"""What holds for every quiz: one right choice a question, a word on each, no hint by the form."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bncourse.exercises import quiz
from bncourse.exercises.quizzes import chapters_with_questions

NOTEBOOKS = {path.stem for path in (Path(__file__).parents[2] / "chapters").glob("*.ipynb")}
CHAPTERS = chapters_with_questions()
MARKUP = {
    "LaTeX": r"\$|\\[a-zA-Z(\[]|\^\{|_\{",
    "emphasis": r"\*\*|(?<!\w)[*_][^\s*_][^*]*[*_](?!\w)",
    "a link": r"\]\(|https?://|\{\w+\}",
    "HTML": r"</?[a-z]+>",
}


@pytest.fixture(params=CHAPTERS)
def chapter(request):
    return request.param


def questions(chapter):
    return quiz(chapter).questions


def choices(chapter):
    return [choice for question in questions(chapter) for choice in question["choices"]]


def places_of_right(question):
    return [k for k, choice in enumerate(question["choices"]) if choice.get("right", False)]


def prose(chapter):
    """Return all sentences of a quiz, without what stands between backticks."""
    texts = [question["asks"] for question in questions(chapter)]
    texts += [choice[part] for choice in choices(chapter) for part in ("says", "because")]
    return [re.sub("`[^`]+`", "", text) for text in texts]


class Elements(HTMLParser):
    """The names of all elements that a piece of HTML opens."""

    def __init__(self, html):
        super().__init__()
        self.opened = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.opened.append(tag)


def test_every_chapter_has_a_quiz():
    assert set(CHAPTERS) >= NOTEBOOKS


def test_there_are_three_to_five_questions_with_three_or_four_choices(chapter):
    assert 3 <= len(questions(chapter)) <= 5
    assert all(3 <= len(question["choices"]) <= 4 for question in questions(chapter))


def test_a_question_says_what_it_asks_and_nothing_is_misspelled(chapter):
    assert all(question.keys() == {"asks", "choices"} for question in questions(chapter))
    assert all(choice.keys() - {"right"} == {"says", "because"} for choice in choices(chapter))


def test_each_question_has_one_right_choice(chapter):
    assert all(len(places_of_right(question)) == 1 for question in questions(chapter))


def test_every_choice_has_feedback_in_one_or_two_sentences(chapter):
    for choice in choices(chapter):
        sentences = re.split(r"(?<=[.?!])\s+(?=\S)", choice["because"])
        assert len(sentences) <= 2, choice["because"]
        assert choice["because"].endswith("."), choice["because"]


def test_no_two_choices_of_a_question_are_alike(chapter):
    for question in questions(chapter):
        for part in ("says", "because"):
            assert len({choice[part] for choice in question["choices"]}) == len(question["choices"])


def test_the_place_of_the_right_choice_varies(chapter):
    places = [places_of_right(question)[0] for question in questions(chapter)]
    assert len(set(places)) > 1
    assert all(places.count(place) <= len(places) / 2 for place in places)


@pytest.mark.parametrize("extreme", [max, min])
def test_the_right_choice_is_not_known_by_its_length(chapter, extreme):
    stands_out = 0
    for question in questions(chapter):
        lengths = [len(choice["says"]) for choice in question["choices"]]
        stands_out += lengths[places_of_right(question)[0]] == extreme(lengths)
    assert stands_out <= len(questions(chapter)) / 2


@pytest.mark.parametrize("markup", MARKUP)
def test_sentences_hold_no_markup_but_backticks(chapter, markup):
    assert not [text for text in prose(chapter) if re.search(MARKUP[markup], text)]


def test_backticks_come_in_pairs(chapter):
    assert not [text for text in prose(chapter) if "`" in text]


def test_text_has_all_choices_and_does_not_give_the_answers_away(chapter):
    shown = str(quiz(chapter))
    assert all(choice["says"] in shown for choice in choices(chapter))
    assert not any(choice["because"] in shown for choice in choices(chapter))


def test_html_has_a_line_that_opens_for_each_choice(chapter):
    opened = Elements(quiz(chapter)._repr_html_()).opened
    assert opened.count("details") == opened.count("summary") == len(choices(chapter))
    assert "script" not in opened
