"""The renderer of mapping templates, on its own; tests/vtl compares it with Apache Velocity."""

import json
from typing import Any

import airspeed
import pytest

from dev.local_aws.apigateway.vtl import Rendered, render

PARAMS = {"path": {"a": "from path"}, "querystring": {"a": "x", "b": "from query"}, "header": {"b": "x", "c": "y"}}


def rendered(template: str, body: Any = None, **context: Any) -> Rendered:
    return render(template, body=body, params=PARAMS, context=context, stage_variables={"T": "table"})


def text(template: str, body: Any = None) -> str:
    return rendered(template, body).text


ESCAPED = [
    ("plain ~", "plain ~"),
    ('"', '\\"'),
    ("'", "\\'"),
    ("\\", "\\\\"),
    ("/", "\\/"),
    ("\b\n\t\f\r", "\\b\\n\\t\\f\\r"),
    ("\x00\x1f", "\\u0000\\u001F"),
    ("\x7f\x80é", "\x7f\\u0080\\u00E9"),
    ("\u2028", "\\u2028"),
    ("😀", "\\uD83D\\uDE00"),
    ("\ud800", "\\uD800"),
]


def test_text_is_escaped_as_commons_lang_does(subtests: pytest.Subtests) -> None:
    for value, escaped in ESCAPED:
        with subtests.test(value=value):
            assert text("$util.escapeJavaScript($input.path('$.v'))", {"v": value}) == escaped


def test_escape_rule_makes_json(subtests: pytest.Subtests) -> None:
    for value in ["it's", "\\'", "\\\\'", "'''", "\\", "$x #set($y = 1) #end", "\x00", "😀"]:
        with subtests.test(value=value):
            template = """{"v": "$util.escapeJavaScript($input.path('$.v')).replaceAll("\\\\'", "'")"}"""

            assert json.loads(text(template, {"v": value})) == {"v": value}


def test_parameters_are_found_in_path_query_and_header_in_this_order() -> None:
    assert text("$input.params('a'), $input.params('b'), $input.params('c')") == "from path, from query, y"


def test_missing_parameter_is_empty() -> None:
    assert text("<$input.params('none')>") == "<>"


def test_missing_path_is_empty(subtests: pytest.Subtests) -> None:
    bodies: list[Any] = [None, {}, {"a": None}, {"a": 1}, {"a": []}]
    for body in bodies:
        with subtests.test(body=body):
            assert text("#set($v = \"$!input.path('$.a.b')\")<$v>", body) == "<>"


def test_missing_path_equals_empty_text_and_null_and_prints_nothing() -> None:
    """Recorded on AWS."""
    template = """#set($v = $input.path('$.a.b'))#if($v == "")empty#end #if($v == $null)null#end <$v>"""

    assert text(template, {"a": 1}) == "empty null <>"


def test_path_that_the_engines_may_read_differently_is_rejected(subtests: pytest.Subtests) -> None:
    for path in ["$..a", "$.a[0]", "a.b", "$.a-b", "$['a']"]:
        with subtests.test(path=path), pytest.raises(airspeed.TemplateError, match="dotted path"):
            text(f'$input.path("{path}")')


def test_stage_variable_is_a_name() -> None:
    assert text("$stageVariables.T") == "table"


def test_status_and_headers_are_overridden() -> None:
    template = "#set($context.responseOverride.status = 404)#set($context.responseOverride.header.Content-Type = 'a/b')"

    assert rendered(template) == Rendered("", 404, {"Content-Type": "a/b"})


def test_a_render_leaves_nothing_to_the_next() -> None:
    template = "#if($context.late == 'yes')#set($context.responseOverride.status = 404)#end"
    rendered(template, late="yes")

    assert rendered(template, late="no").status is None


@pytest.mark.parametrize(
    "template",
    [
        "#set($context.responseOverride.status = 404)#set($context.responseOverride.status = 409)",
        "#set($context.responseOverride.status = 99)",
        '#set($context.responseOverride.status = "404")',
    ],
)
def test_override_that_api_gateway_answers_with_500_is_an_error(template: str) -> None:
    with pytest.raises((airspeed.TemplateError, ValueError)):
        rendered(template)
