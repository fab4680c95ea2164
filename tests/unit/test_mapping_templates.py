"""Mapping templates of api/openapi.yaml stay in the part of Velocity that every engine reads alike, and escape all."""

import re

import pytest

from dev.direct.contract import direct_routes
from dev.template import load_openapi, operations

DOCUMENT = load_openapi()
ROUTES = direct_routes(DOCUMENT)
TEMPLATES = {f"{route.action} request": route.request_templates["application/json"] for route in ROUTES.values()} | {
    f"{route.action} response {response.pattern}": response.template
    for route in ROUTES.values()
    for response in route.responses
}
DIRECTIVES = {"set", "if", "elseif", "else", "end", "foreach"}
PLACEHOLDERS = {"owner"}
"""Of DynamoDB's expressions; Velocity leaves what is no directive as it is."""

METHODS = {"contains", "escapeJavaScript", "get", "matches", "params", "path", "replaceAll", "substring"}
ESCAPED = r"""\$util\.escapeJavaScript\((?:[^()]|\([^()]*\))*\)\.replaceAll\("\\\\'", "'"\)"""
LITERALS = {"status", "title", "code", "detail"}
SAFE = {
    "$stageVariables.UsersTable",
    "$limit",  # matched against digits before
    "${month}",  # from a table of ours
    *("$time.substring(7, 11)", "$time.substring(0, 2)", "$time.substring(12, 20)"),
    *(f"${name}" for name in LITERALS),
    "$context.requestId",  # the comment before the gateway responses says why
}
"""References that may stand in the output unescaped."""

every_template = pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)


def output(template: str) -> str:
    """Return a template without its directives and comments: what it writes."""
    lines = [line for line in template.splitlines() if not re.match(r"#(set|if|elseif|foreach|#)", line)]
    return re.sub(r"#(?:if\([^)]*\)|else|end)", "", "\n".join(lines))


def conditions(template: str) -> list[str]:
    """Return every condition, wherever it stands; parentheses in it may be nested once."""
    found = re.findall(r"#(?:else)?if\(((?:[^()]|\([^()]*\))*)\)", template)
    assert len(found) == len(re.findall(r"#(?:else)?if\b", template))
    return found


@every_template
def test_directives_are_those_that_all_engines_know(template: str) -> None:
    assert set(re.findall(r"#([a-z]+)", template)) <= DIRECTIVES | PLACEHOLDERS


@every_template
def test_methods_are_those_that_all_engines_know(template: str) -> None:
    assert set(re.findall(r"\$[\w!{][\w.]*?\.(\w+)\(|\)\.(\w+)\(", template)) <= {
        *((name, "") for name in METHODS),
        *(("", name) for name in METHODS),
    }


@every_template
def test_conditions_compare_or_match(template: str) -> None:
    """A bare reference is true or false by rules that engines do not share."""
    reference = r'(?:"\$![\w.]+"|\$\w+) [!=]= "[^"]*"'
    call = r'!?\$\w+\.(?:matches|contains)\("[^"]*"\)'
    term = rf"(?:{reference}|{call}|\$foreach\.hasNext)"
    allowed = re.compile(rf"{term}(?: (?:\|\||&&) {term})*")

    assert [condition for condition in conditions(template) if not allowed.fullmatch(condition)] == []


def test_limit_that_is_written_as_it_is_was_matched_against_digits() -> None:
    before, _, after = TEMPLATES["Scan request"].partition('"Limit": $limit')
    guard = '#if(!$limit.matches("[1-9][0-9]?|100"))\n#set($limit = "0")\n#end\n'

    assert after == "\n}"
    assert re.findall(r"#set\(\$limit = (.*)\)", before.partition(guard)[2]) == ['"0"']


@every_template
def test_parts_of_a_problem_are_literals(template: str) -> None:
    values = re.findall(rf"#set\(\$(?:{'|'.join(LITERALS)}) = (.*?)\)(?= #set|$)", template, flags=re.MULTILINE)

    assert [value for value in values if not re.fullmatch(r'[1-9]\d\d|"[^"$#\\]*"', value)] == []
    assert len(values) == len(re.findall(rf"#set\(\$(?:{'|'.join(LITERALS)})\b", template))


@every_template
def test_what_is_written_is_escaped(template: str) -> None:
    rest = re.sub(ESCAPED, "", output(template))

    assert set(re.findall(r"\$\{\w+\}|\$[\w.!]+(?:\([^)]*\))?", rest)) <= SAFE


@every_template
def test_escaped_text_stands_in_quotes_as_a_value(template: str) -> None:
    count = len(re.findall(ESCAPED, output(template)))

    assert len(re.findall(rf': "{ESCAPED}"', output(template))) == count


@every_template
def test_paths_are_dotted_names(template: str) -> None:
    paths = re.findall(r"\$!?input\.path\('([^']*)'\)", template)

    assert [path for path in paths if not re.fullmatch(r"\$(\.\w+)*", path)] == []
    assert len(paths) == template.count("input.path(")


@every_template
def test_nothing_of_the_request_is_taken_whole(template: str) -> None:
    assert not re.search(r"\$!?\{?input\.(body|json)", template)


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_body_that_no_template_has_seen_goes_nowhere(route: tuple[str, str]) -> None:
    integration = operations(DOCUMENT)[route]["x-amazon-apigateway-integration"]

    assert integration["passthroughBehavior"] == "never"
    assert set(integration["requestTemplates"]) == {"application/json"}


def test_direct_routes_answer_errors_alike() -> None:
    """Only what the condition means, and the detail of a bad request, may differ."""
    templates = {
        re.sub(r'#if\(\$type.contains\("Condi.*?\n#elseif', "#if", template, flags=re.DOTALL)
        for name, template in TEMPLATES.items()
        if name.endswith("response default")
    }

    assert len({re.sub(r'\$detail = "(?:limit|user_id) [^"]*"', "", template) for template in templates}) == 1
