"""`separate` of archive.text in SQL, for the views that the full-text indexes are made from.

What is commonest is asked for first. The views are in every archive: a change here needs a migration that makes views
and indexes anew.
"""

from __future__ import annotations

_CHARACTER, _CODE = "substr(rest, 1, 1)", "unicode(rest)"
_HAN = f"""({_CODE} BETWEEN 19968 AND 40959 OR {_CODE} = 12295 OR {_CODE} BETWEEN 13312 AND 19903
        OR {_CODE} BETWEEN 63744 AND 64255 OR {_CODE} BETWEEN 131072 AND 262143)"""
_FOLDED = f"""CASE
    WHEN {_CODE} BETWEEN 19968 AND 40959 OR {_CODE} BETWEEN 48 AND 95 THEN {_CHARACTER}
    WHEN {_CHARACTER} = char(10) THEN '¶'
    WHEN {_CHARACTER} IN ('。', '｡', '．') THEN '.'
    WHEN {_CHARACTER} IN ('、', '､', '，', '﹐') THEN ','
    WHEN {_CHARACTER} IN ('‐', '‑', '‒', '–', '—', '―', '−', '－', '﹣', '─') THEN '-'
    WHEN {_CHARACTER} IN ('～', '〜', '∼', '﹏') THEN '~'
    WHEN {_CHARACTER} IN ('·', '・', '‧', '•', '∙', '⋅', '･') THEN '·'
    WHEN {_CHARACTER} IN ('…', '⋯') THEN '…'
    WHEN {_CHARACTER} IN ('〔', '﹝', '［') THEN '['
    WHEN {_CHARACTER} IN ('〕', '﹞', '］') THEN ']'
    WHEN {_CHARACTER} IN ('“', '”', '„', '‟', '＂', '«', '»', '『', '』', '「', '」', '﹁', '﹂', '﹃', '﹄', '〝',
        '〞', '〟', '‘', '’', '‚', '‛', '＇', '`', '´', '′', '″', '''') THEN '"'
    WHEN unicode({_CHARACTER}) BETWEEN 65281 AND 65374 THEN char(unicode({_CHARACTER}) - 65248)
    ELSE {_CHARACTER} END"""
# A character's class: h(an), d(igit), m(ark), b(lank), w(ord).
_CLASS = f"""CASE
    WHEN {_HAN} THEN 'h'
    WHEN {_CODE} BETWEEN 97 AND 122 OR {_CODE} BETWEEN 65 AND 90 OR {_CODE} BETWEEN 65313 AND 65338
        OR {_CODE} BETWEEN 65345 AND 65370 THEN 'w'
    WHEN {_CODE} BETWEEN 48 AND 57 OR {_CODE} BETWEEN 65296 AND 65305 THEN 'd'
    WHEN {_CODE} = 10 THEN 'm'
    WHEN {_CODE} BETWEEN 9 AND 13 OR {_CODE} BETWEEN 28 AND 32
        OR {_CODE} IN (133, 160, 5760, 8232, 8233, 8239, 8287, 12288) OR {_CODE} BETWEEN 8192 AND 8202 THEN 'b'
    WHEN {_CODE} BETWEEN 33 AND 47 OR {_CODE} BETWEEN 58 AND 64 OR {_CODE} BETWEEN 91 AND 96
        OR {_CODE} BETWEEN 123 AND 126 OR {_CODE} BETWEEN 161 AND 169 OR {_CODE} BETWEEN 171 AND 177
        OR {_CODE} IN (180, 187, 191, 215, 247, 12336, 12349, 12539) OR {_CODE} BETWEEN 182 AND 184
        OR {_CODE} BETWEEN 8208 AND 8286 OR {_CODE} BETWEEN 8352 AND 8399 OR {_CODE} BETWEEN 8448 AND 8527
        OR {_CODE} BETWEEN 8592 AND 11263 OR {_CODE} BETWEEN 11776 AND 11903
        OR {_CODE} BETWEEN 12289 AND 12292 OR {_CODE} BETWEEN 12296 AND 12320
        OR {_CODE} BETWEEN 65040 AND 65135 OR {_CODE} BETWEEN 65281 AND 65381
        OR {_CODE} BETWEEN 65504 AND 65519 OR {_CODE} BETWEEN 126976 AND 129791 THEN 'm'
    ELSE 'w' END"""


def separated(column: str) -> str:
    """SQL that separates a column of the row at hand, one character a step (some 300 articles a second).

    Each step has the character, its class, the class of the last one that is no blank, whether a blank came between,
    and what is left.
    """
    return f"""(
    WITH RECURSIVE walk (c, class, before, gap, rest) AS (
        SELECT '', 'm', 'm', 0, {column}
        UNION ALL
        SELECT {_FOLDED}, {_CLASS}, CASE class WHEN 'b' THEN before ELSE class END, class = 'b', substr(rest, 2)
        FROM walk WHERE rest <> ''
    )
    SELECT ltrim(group_concat(CASE
        WHEN class = 'b' THEN ''
        WHEN class = 'h' AND {_HAN} THEN
            CASE WHEN before <> 'm' AND (before <> 'h' OR gap) THEN ' ' || c ELSE '' END
            || ' ' || c || {_CHARACTER}
        WHEN class IN ('w', 'd') AND class = before AND NOT gap THEN c
        ELSE ' ' || c END, ''), ' ') FROM walk)"""
