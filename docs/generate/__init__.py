"""Parts of the documentation that are made from the program itself, so that they cannot fall behind it.

Every module here answers with Markdown (MyST), as text. `pages.fill` puts it where a page says
`<!-- generated: NAME -->`; `conf.py` calls it while the site is built, and tests/docs checks what is made.
"""
