"""`dev demo`: how steps and addresses are printed."""

import io

from rich.console import Console

from dev.demo_cli import Printer, show_next


def test_steps_are_printed_in_80_columns() -> None:
    console = Console(file=io.StringIO(), highlight=False, soft_wrap=True)
    printer = Printer(console)

    printer.pattern("Orders: CRUD functions", "as alice")
    printer.step("201 POST   /orders", "order 1")
    printer.step("404 GET    /orders/2", "OrderNotFound: The customer has no order with this id, or it was deleted.")
    printer.step("500 GET    /orders", ok=False)

    assert console.file.getvalue() == (  # type: ignore[attr-defined]
        "\nOrders: CRUD functions  as alice\n"
        "  ✓ 201 POST   /orders  order 1\n"
        "  ✓ 404 GET    /orders/2\n"
        "               OrderNotFound: The customer has no order with this id, or it was\n"
        "               deleted.\n"
        "  ✗ 500 GET    /orders\n"
    )


def test_box_has_addresses_and_commands() -> None:
    console = Console(file=io.StringIO(), width=200)

    show_next(console, ["API   http://127.0.0.1:4566"])

    title, address, *_, last, _ = console.file.getvalue().splitlines()[1:]  # type: ignore[attr-defined]
    assert title.startswith("╭─ Everything worked ─")
    assert address == "│ API   http://127.0.0.1:4566".ljust(79) + "│"
    assert last.startswith("│ make down ")
