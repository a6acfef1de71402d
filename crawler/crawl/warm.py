"""Import this to have the reader loaded: the process that workers are copied from does."""

from crawler.interpret import warm_up

warm_up()
