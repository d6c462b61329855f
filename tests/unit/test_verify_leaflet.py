"""Files of every make and of bad will, read for their words."""

import html
import io
import time
import tomllib
from pathlib import Path

import pypdf
import pytest

from stemcheck.errors import AnswerUnreadableError, StoreError, UsageError
from stemcheck.guidance.numbers import numbers_in
from stemcheck.services.leaflet import (
    MOST_BYTES,
    MOST_CHARACTERS,
    open_leaflet,
    read_leaflet,
)

BROCHURES = Path(__file__).resolve().parents[2] / "fixtures" / "brochures"
LINE = "Our trial NCT04506073 heals. Früher 12 000 €."


def a_pdf(text: str, *, password: str | None = None) -> bytes:
    """A PDF of one page with one line of text, made by hand and completed by pypdf."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    body += f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\n"
    body += f"startxref\n{body.index('xref')}\n%%EOF\n"
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(body.encode("latin-1")))
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_text_is_read_in_any_usual_encoding(encoding: str) -> None:
    text = read_leaflet(LINE.encode(encoding)).text
    assert "NCT04506073" in text
    assert "Früher" in text
    assert "\0" not in text


def test_every_byte_gives_some_text() -> None:
    text = read_leaflet(b"NCT04506073\0\0 \x81\xff\xfe cures").text
    assert [mention.nct_id for mention in numbers_in(text)] == ["NCT04506073"]


def test_a_page_shows_its_text_and_links_but_not_its_scripts() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>Clinic</title><style>p{}</style>"
        "<script>var n='NCT00000001'</script></head><body><p>We cure <b>all</b> pain.</p>"
        '<img src="x.png" alt="Trial NCT02035514"><p>100&nbsp;% safe&#33;</p>'
        '<a href="https://clinicaltrials.gov/study/NCT04506073">our trial</a></body></html>'
    )
    text = read_leaflet(page.encode()).text
    assert "We cure all pain." in text
    assert "safe!" in text
    assert {m.nct_id for m in numbers_in(text)} == {"NCT04506073"}


def test_a_page_says_its_own_encoding() -> None:
    page = '<html><meta charset="windows-1251"><body>Лечение NCT04506073</body></html>'
    assert "Лечение" in read_leaflet(page.encode("windows-1251")).text


def test_broken_markup_is_still_read() -> None:
    assert "NCT04506073" in read_leaflet(b"<html><p <b>>NCT04506073</p></x><!-- <![CDATA[").text


def test_a_pdf_is_read() -> None:
    assert "NCT04506073" in read_leaflet(a_pdf("Our trial NCT04506073")).text


def test_a_pdf_without_a_password_to_open_it_is_read() -> None:
    assert "NCT04506073" in read_leaflet(a_pdf("Our trial NCT04506073", password="")).text


def test_a_locked_pdf_is_named_as_such() -> None:
    with pytest.raises(AnswerUnreadableError, match="locked with a password"):
        read_leaflet(a_pdf("NCT04506073", password="secret"))


def test_a_scanned_pdf_is_not_taken_for_a_text_without_numbers() -> None:
    with pytest.raises(StoreError, match="holds no text"):
        read_leaflet(a_pdf(" "))


@pytest.mark.parametrize("keep", [20, 200, 500])
def test_a_cut_pdf_is_named_or_read(keep: int) -> None:
    with pytest.raises(AnswerUnreadableError):
        read_leaflet(a_pdf("NCT04506073")[:keep])


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"\x1f\x8b"])
def test_other_makes_are_named_not_guessed_at(head: bytes) -> None:
    with pytest.raises(StoreError, match="cannot read"):
        read_leaflet(head + b"\0" * 100)


def test_a_long_text_is_cut_and_says_so() -> None:
    brochure = read_leaflet(b"NCT04506073 " + b"word " * (MOST_CHARACTERS // 4))
    assert len(brochure.text) == MOST_CHARACTERS
    assert [notice.id for notice in brochure.notices] == ["text_cut"]


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(UsageError, match="too big"):
        open_leaflet(path)


@pytest.mark.parametrize("name", ["missing.txt", "", "a\0b"])
def test_a_file_that_cannot_be_opened_is_wrong_usage(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        open_leaflet(Path(f"{tmp_path}/{name}"))


@pytest.mark.parametrize("path", sorted(BROCHURES.glob("*.txt")), ids=lambda path: path.stem)
def test_a_brochure_names_the_same_numbers_as_a_page_and_as_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    page = f"<html><body><pre>{html.escape(text)}</pre></body></html>".encode()
    expected = tomllib.loads((BROCHURES / "expected.toml").read_text(encoding="utf-8"))
    for content in (text.encode(), page):
        found = [mention.nct_id for mention in numbers_in(read_leaflet(content).text)]
        assert found == expected[path.stem]["numbers"]


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">NCT02035514</div>',
        '<div style="color:red; Visibility : HIDDEN"><p>see <b>NCT02035514</b></p></div>',
        "<section hidden><ul><li>a<li>NCT02035514</ul></section>",
        "<p hidden>NCT02035514<p>after</p>",
        '<span style="font-size:0px">NCT02035514</span>',
        '<img src="x.png" alt="Trial NCT02035514">',
    ],
)
def test_what_a_reader_may_not_see_is_kept_apart(hidden: str) -> None:
    page = f"<html><body>before NCT04506073 {hidden} last NCT04437511</body></html>"
    brochure = read_leaflet(page.encode())
    assert [m.nct_id for m in numbers_in(brochure.text)] == ["NCT04506073", "NCT04437511"]
    assert [m.nct_id for m in numbers_in(brochure.unseen)] == ["NCT02035514"]
    assert [m.nct_id for m in numbers_in(brochure.words)] == [
        "NCT04506073", "NCT04437511", "NCT02035514",
    ]  # fmt: skip


@pytest.mark.parametrize("style", ["opacity: 0.5", "font-size: 0.9em", "display: block", ""])
def test_what_a_page_shows_is_not_called_hidden(style: str) -> None:
    page = f'<html><body><p style="{style}">NCT04506073</p></body></html>'
    assert read_leaflet(page.encode()).unseen == ""


def test_a_number_broken_by_hidden_words_is_read_as_a_reader_reads_it() -> None:
    page = '<html><body>NCT0450<span style="display:none">9999</span>6073</body></html>'
    brochure = read_leaflet(page.encode())
    assert [mention.nct_id for mention in numbers_in(brochure.words)] == ["NCT04506073"]


@pytest.mark.parametrize("inner", ["", "<b>"])
def test_elements_that_never_end_cost_time_in_step_with_their_number(inner: str) -> None:
    def cost(count: int) -> float:
        tags = f"{inner * count}{'<div hidden>' * count}{'</b>' * count}"
        start = time.process_time()
        assert "NCT04506073" in read_leaflet(f"<html>{tags}NCT04506073".encode()).all_words
        return time.process_time() - start

    assert cost(160_000) < 3 * 4 * cost(40_000) + 0.1


def test_tags_in_a_script_leave_the_page_as_it_is() -> None:
    page = (
        "<html><body><div class='menu'>Home<script>var a = '</div></div>'</script></div>"
        "<p>We cure stroke.</p></body></html>"
    )
    assert "We cure stroke" in read_leaflet(page.encode()).words


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 40,
        b"\x01\x02\x03\xfe" * 500,
        b"",
        b" \n\n -- \n",
        b"<html><body><script>var cures = 1</script></body></html>",
        b"<html><body>" + b"<!--" * 1000,
    ],
)
def test_a_file_without_text_says_so(content: bytes) -> None:
    with pytest.raises(StoreError, match="No text"):
        read_leaflet(content)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-32-le", "utf-8-sig"])
def test_wide_letters_are_read(encoding: str) -> None:
    text = "Our cells cure arthritis, NCT04506073. It is safe and costs $900."
    assert "NCT04506073" in read_leaflet(text.encode(encoding)).text


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<html><p>NCT04506073 is FDA approved <![x[ ", "NCT04506073 is FDA approved"),
        ("<html><p>NCT04506073 <![x> today", "NCT04506073"),
        ("<li>No risk</li><li>It costs $900</li>", "No risk\n\n\u2022 It costs $900"),
        (
            "<h1>What we treat</h1><ul><li>Stroke<li>Lupus</ul>",
            "What we treat\n\n\u2022 Stroke\n\n\u2022 Lupus",
        ),
        (
            "<html><nav>Home</nav><p>A cure.</p><div class='cookie-banner'>Cookies</div></html>",
            "A cure.",
        ),
        ("<html><table><tr><td>Knee</td><td>$900</td></tr></table></html>", "| Knee | $900"),
    ],
)
def test_pages_and_pieces_of_pages_keep_their_structure(page: str, words: str) -> None:
    leaflet = read_leaflet(page.encode())
    assert words in leaflet.text
    assert "<" not in leaflet.text
    assert "Home" not in leaflet.text
    assert "Cookies" not in leaflet.text


def test_hostile_pages_take_linear_time() -> None:
    for page in (
        "<html><body>Knees" + "<!--" * 160_000,
        "<div>" * 100_000 + "Knees",
        "<p>" + "<b>" * 100_000 + "Knees",
    ):
        assert "Knees" in read_leaflet(page.encode()).all_words
