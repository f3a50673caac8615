"""Keys of our own have a form that scanners find and typing errors break."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.keys.token import ID_BYTES, SECRET_BYTES, id_of, is_well_formed, mint

IDS = st.binary(min_size=ID_BYTES, max_size=ID_BYTES)
SECRETS = st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES)
TOKENS = st.builds(mint, IDS, SECRETS)
A_TOKEN = mint(b"12345", b"x" * 20)


@given(token=TOKENS)
def test_a_token_is_what_a_secret_scanner_looks_for(token):
    assert re.fullmatch(r"rg_[a-z2-7]{8}_[a-z2-7]{39}", token)
    assert is_well_formed(token)
    assert id_of(token) == token[3:11]


@given(token=TOKENS, place=st.integers(3, 50), letter=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567_-A"))
def test_one_wrong_letter_is_noticed_without_a_look_up(token, place, letter):
    mistyped = token[:place] + letter + token[place + 1 :]
    assert is_well_formed(mistyped) is (mistyped == token)


@given(token=TOKENS, place=st.integers(3, 49))
def test_two_letters_in_each_others_place_are_noticed(token, place):
    swapped = token[:place] + token[place + 1] + token[place] + token[place + 2 :]
    assert is_well_formed(swapped) is (swapped == token)


@pytest.mark.parametrize("token", ["rg_", A_TOKEN[:-1], A_TOKEN + "a", A_TOKEN.upper().replace("RG_", "rg_"), "rg_ü"])
def test_what_only_begins_like_one_of_ours_is_malformed(token):
    assert is_well_formed(token) is False
    assert id_of(token) is None


@pytest.mark.parametrize("token", ["", "test-token-1", "RG_abc", "hcaik_01hq", "a=b, c", A_TOKEN[1:]])
def test_a_token_of_elsewhere_is_none_of_ours(token):
    assert is_well_formed(token) is None
    assert id_of(token) is None


@given(token=st.text())
def test_any_text_has_an_answer(token):
    assert is_well_formed(token) is (False if token.startswith("rg_") else None)


@pytest.mark.parametrize(("id_bytes", "secret_bytes"), [(b"1234", b"x" * 20), (b"12345", b"x" * 19), (b"", b"")])
def test_too_little_chance_makes_no_key(id_bytes, secret_bytes):
    with pytest.raises(ValueError, match="random bytes"):
        mint(id_bytes, secret_bytes)
