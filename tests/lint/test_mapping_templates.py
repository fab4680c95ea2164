"""Mapping templates of api/openapi.yaml stay in the part of Velocity that every engine reads alike, and escape all."""

import re

from dev.local_aws.apigateway.contract import direct_routes
from tests.lint.rules import check, differing
from tests.template_facts import CONTRACT, OPERATIONS, TABLES

ROUTES = direct_routes(CONTRACT)
TEMPLATES = {f"{route.action} request": route.request_templates["application/json"] for route in ROUTES.values()} | {
    f"{route.action} response {response.pattern}": response.template
    for route in ROUTES.values()
    for response in route.responses
}
DIRECTIVES = {"set", "if", "elseif", "else", "end", "foreach"}
PLACEHOLDERS = {"name", "owner"}
"""Of DynamoDB's expressions; Velocity leaves what is no directive as it is."""

METHODS = {"contains", "escapeJavaScript", "get", "matches", "params", "path", "replaceAll", "substring"}
ESCAPED = r"""\$util\.escapeJavaScript\((?:[^()]|\([^()]*\))*\)\.replaceAll\("\\\\'", "'"\)"""
LITERALS = {"status", "title", "code", "detail"}
SAFE = {
    *(f"$stageVariables.{table}" for table in TABLES),
    *("$limit", "$cursor", "$user_id"),  # see MATCHED
    "${month}",  # from a table of ours
    *("$time.substring(7, 11)", "$time.substring(0, 2)", "$time.substring(12, 20)"),
    *(f"${name}" for name in LITERALS),
    "$context.requestId",  # the comment before the gateway responses says why
}
"""References that may stand in the output unescaped."""
ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
MATCHED = {
    "limit": '!$limit.matches("[1-9][0-9]?|100"))\n#set($limit = "0")\n',
    "cursor": f'$cursor != "" && !$cursor.matches("{ID}"))\n#set($limit = "0")\n#set($cursor = "")\n',
    "user_id": f'!$user_id.matches("{ID}"))\n## A template cannot reject a request. DynamoDB rejects an empty key.\n'
    '#set($user_id = "")\n',
}
"""What replaces an invalid value by a literal. An escaped "" may be "{}" on AWS, so these are not escaped."""


def output(template: str) -> str:
    """Return a template without its directives and comments: what it writes."""
    lines = [line for line in template.splitlines() if not re.match(r"#(set|if|elseif|foreach|#)", line)]
    return re.sub(r"#(?:if\([^)]*\)|else|end)", "", "\n".join(lines))


def conditions(template: str) -> list[str]:
    """Return every condition, wherever it stands; parentheses in it may be nested once."""
    found = re.findall(r"#(?:else)?if\(((?:[^()]|\([^()]*\))*)\)", template)
    assert len(found) == len(re.findall(r"#(?:else)?if\b", template))
    return found


def test_directives_are_those_that_all_engines_know() -> None:
    offenders = [
        f"{name}: #{directive}"
        for name, template in TEMPLATES.items()
        for directive in sorted({*re.findall(r"#([a-z]+)", template)} - DIRECTIVES - PLACEHOLDERS)
    ]

    check(offenders, "Use other directives, or prove in tests/vtl that these mean the same everywhere")


def test_methods_are_those_that_all_engines_know() -> None:
    calls = re.compile(r"\$[\w!{][\w.]*?\.(\w+)\(|\)\.(\w+)\(")

    offenders = [
        f"{name}: .{method}()"
        for name, template in TEMPLATES.items()
        for method in sorted({one or other for one, other in calls.findall(template)} - METHODS)
    ]
    check(offenders, "Use other methods, or prove in tests/vtl that these mean the same everywhere")


def test_conditions_compare_or_match() -> None:
    """A bare reference is true or false by rules that engines do not share."""
    reference = r'(?:"\$![\w.]+"|\$\w+) [!=]= "[^"]*"'
    call = r'!?\$\w+\.(?:matches|contains)\("[^"]*"\)'
    term = rf"(?:{reference}|{call}|\$foreach\.hasNext)"
    allowed = re.compile(rf"{term}(?: (?:\|\||&&) {term})*")

    offenders = [
        f"{name}: #if({condition})"
        for name, template in TEMPLATES.items()
        for condition in conditions(template)
        if not allowed.fullmatch(condition)
    ]
    check(offenders, "Compare with a text, or match")


def test_values_that_are_written_unescaped_were_matched_before() -> None:
    offenders = []
    for name, template in TEMPLATES.items():
        for variable, guard in MATCHED.items():
            _, found, after = template.partition(f"#if({guard}#end\n")
            later = re.findall(rf"#set\(\${variable} = (.*)\)", after)
            if re.search(rf"\${variable}\b", output(template)) and not (found and {*later} <= {'""', '"0"'}):
                offenders.append(f"{name}: ${variable}")

    check(offenders, "Match the value first, and replace an invalid one by a literal")


def test_parts_of_a_problem_are_literals() -> None:
    names = "|".join(sorted(LITERALS))
    offenders = []
    for name, template in TEMPLATES.items():
        values = re.findall(rf"#set\(\$(?:{names}) = (.*?)\)(?= #set|$)", template, flags=re.MULTILINE)
        assert len(values) == len(re.findall(rf"#set\(\$(?:{names})\b", template))
        offenders += [f"{name}: {value}" for value in values if not re.fullmatch(r'[1-9]\d\d|"[^"$#\\]*"', value)]

    check(offenders, "Set status, title, code and detail to literals")


def test_values_in_templates_are_escaped() -> None:
    references = re.compile(r"\$\{\w+\}|\$[\w.!]+(?:\([^)]*\))?")

    offenders = [
        f"{name}: {reference}"
        for name, template in TEMPLATES.items()
        for reference in sorted({*references.findall(re.sub(ESCAPED, "", output(template)))} - SAFE)
    ]
    check(offenders, "Write only what is escaped as JSON")


def test_escaped_text_stands_in_quotes_as_a_value() -> None:
    offenders = [
        name
        for name, template in TEMPLATES.items()
        if len(re.findall(rf': "{ESCAPED}"', output(template))) != len(re.findall(ESCAPED, output(template)))
    ]

    check(offenders, "Put the escaped text between quotes")


def test_paths_are_dotted_names() -> None:
    paths = {name: re.findall(r"\$!?input\.path\('([^']*)'\)", template) for name, template in TEMPLATES.items()}

    offenders = [
        name
        for name, template in TEMPLATES.items()
        if len(paths[name]) != template.count("input.path(")
        or not all(re.fullmatch(r"\$(\.\w+)*", path) for path in paths[name])
    ]
    check(offenders, "Name what is read of the request as $.name")


def test_nothing_of_the_request_is_taken_whole() -> None:
    check(
        (name for name, template in TEMPLATES.items() if re.search(r"\$!?\{?input\.(body|json)", template)),
        "Read single values with $input.path",
    )


def test_body_without_a_template_is_not_passed_through() -> None:
    integrations = {route: OPERATIONS[route]["x-amazon-apigateway-integration"] for route in ROUTES}

    offenders = [
        *(
            line
            for route, integration in integrations.items()
            for line in differing(integration, {"passthroughBehavior": "never"}, " ".join(route))
        ),
        *(
            f"{' '.join(route)} has a template of {media_type}"
            for route, integration in integrations.items()
            for media_type in integration["requestTemplates"].keys() - {"application/json"}
        ),
    ]
    check(offenders, "Pass no body through, and have a template of JSON alone")


def test_responses_are_text_whatever_a_client_accepts() -> None:
    """Otherwise API Gateway decodes DynamoDB's JSON as Base64 if `Accept` is a binary media type, and answers 500."""
    responses = {
        f"{' '.join(route)} response {pattern}": response
        for route in ROUTES
        for pattern, response in OPERATIONS[route]["x-amazon-apigateway-integration"]["responses"].items()
    }

    check(
        (
            line
            for name, response in responses.items()
            for line in differing(response, {"contentHandling": "CONVERT_TO_TEXT"}, name)
        ),
        "Convert responses to text",
    )


def test_direct_routes_answer_errors_alike() -> None:
    """Only what the condition means, and the detail of a bad request, may differ."""
    templates = {
        re.sub(r'#if\(\$type.contains\("Condi.*?\n#elseif', "#if", template, flags=re.DOTALL)
        for name, template in TEMPLATES.items()
        if name.endswith("response default")
    }

    assert len({re.sub(r'\$detail = "(?:limit|user_id) [^"]*"', "", template) for template in templates}) <= 1
