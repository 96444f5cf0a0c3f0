import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize("below", ["", "static"])
def test_a_folder_that_cannot_be_used_is_named(settings, tmp_path, below):
    file = tmp_path / "file"
    file.write_text("not a folder")
    settings.STATIC_ROOT = file / below if below else file

    with pytest.raises(CommandError) as refused:
        call_command("collectstatic", verbosity=0, interactive=False)

    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"Static files can’t be collected: {file}")
    assert line.endswith(
        f"Let this account write to STATIC_ROOT ({settings.STATIC_ROOT}), or set another folder, then run this again."
    )


def test_files_are_collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "new" / "static"

    call_command("collectstatic", verbosity=0, interactive=False)

    assert (settings.STATIC_ROOT / "css" / "site.css").is_file()
