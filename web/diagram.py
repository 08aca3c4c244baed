"""The machines as a Mermaid diagram."""

from workflow.state_machine.machine import StateMachine


def mermaid(machines: tuple[StateMachine, ...]) -> str:
    lines = ["stateDiagram-v2"]
    for machine in machines:
        lines += [f"  state {machine.name} {{", *(f"    {arrow}" for arrow in _arrows(machine)), "  }"]
    return "\n".join(lines) + "\n"


def _arrows(machine: StateMachine) -> list[str]:
    name = f"{machine.name}_{{}}".format
    begin = [f"[*] --> {name(status)}" for status in sorted(machine.initial)]
    end = [f"{name(status)} --> [*]" for status in sorted(machine.final)]
    moves = [
        f"{name(source)} --> {name(row.target)}: {row.action}"
        for row in machine.transitions
        if row.target is not None
        for source in sorted(row.sources)
    ]
    return [*begin, *moves, *end]
