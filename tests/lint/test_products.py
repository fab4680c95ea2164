"""What api/openapi.yaml says of products."""

from products.model import ID_PATTERN
from tests.template_facts import CONTRACT


def test_ids_in_paths_are_those_that_the_functions_take() -> None:
    parameters = CONTRACT["components"]["parameters"]

    assert [parameters[name]["schema"]["pattern"] for name in ("CustomerId", "ProductId")] == [ID_PATTERN] * 2
