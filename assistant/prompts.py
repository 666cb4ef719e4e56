"""A prompt's name and variables in, chat messages out; one prompt a file, in ``prompts/*.md``.

A file holds ``# system`` and ``# user`` sections with ``$variables``. A missing file, or variables other than the
caller's, fail when the prompt is loaded, not in mid-conversation.
"""

import re
from dataclasses import dataclass
from importlib import resources
from string import Template

from assistant.errors import PromptError

_SECTION = re.compile(r"(?m)^# (system|user)[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A loaded prompt; ``fill`` makes its messages."""

    name: str
    system: str
    user: Template

    def fill(self, **values: str) -> list[tuple[str, str]]:
        """(role, text) messages. Values are put in as they are: a ``$`` within them is no variable."""
        return [("system", self.system), ("user", self.user.substitute(values))]


def load(name: str, *variables: str) -> Prompt:
    """The prompt of that name, whose ``$variables`` must be exactly these."""
    file = resources.files("prompts") / f"{name}.md"
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        raise PromptError(f"The prompt prompts/{name}.md cannot be read: {error.strerror}. Reinstall jushi.") from error
    parts = _SECTION.split(text)
    sections = dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))
    if set(sections) != {"system", "user"}:
        raise PromptError(f'prompts/{name}.md needs one "# system" and one "# user" section.')
    user = Template(sections["user"])
    if not user.is_valid() or set(user.get_identifiers()) != set(variables):
        found, wanted = ", ".join(sorted(user.get_identifiers())), ", ".join(sorted(variables))
        raise PromptError(f"prompts/{name}.md has the variables {found}; it must have {wanted}.")
    return Prompt(name, sections["system"], user)
