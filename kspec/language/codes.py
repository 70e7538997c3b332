"""The registry of error codes: each with one line of meaning.

Ranges: 0xx files and text, 1xx names and modules, 2xx types, 3xx actions and statements, 4xx properties, 5xx clusters
and overrides, 6xx numbers and sizes of a cluster, 7xx constructs of other versions, 9xx command line and traces.
"""

from __future__ import annotations

from enum import Enum


class Code(Enum):
    """The value is the meaning; the name is what messages show."""

    # files and text
    KS001 = "the file cannot be read"
    KS002 = "the file is not UTF-8 text"
    KS003 = "the file is too large"
    KS004 = "the text is nested too deeply"
    KS005 = "a character that no construct has"
    KS006 = "a word or sign that cannot stand here"
    KS007 = "the text ends in the middle of a construct"
    KS008 = "a reserved word used as a name"
    KS009 = "a number that is too long"
    # names and modules
    KS101 = "a name that nothing declares"
    KS102 = "two declarations of one name"
    KS103 = "imports that form a cycle"
    KS104 = "an import outside the project"
    KS105 = "an imported file that cannot be read"
    KS106 = "the name of something else than what is wanted here"
    KS107 = "a field that the kind does not have"
    KS108 = "definitions that call each other in a circle"
    KS109 = "an override without an open definition, or one that does not fit it"
    # types
    KS201 = "a value of another type than what is wanted"
    KS202 = "a value that may be none"
    KS203 = "a type that cannot stand here"
    KS204 = "a call with the wrong number of arguments"
    KS205 = "an operation that values of this type do not have"
    KS206 = "a literal whose type nothing tells"
    # actions and statements
    KS301 = "an assignment to something that cannot be assigned"
    KS302 = "a statement that cannot stand in a `for`"
    KS303 = "a create without a value for a field"
    KS304 = "fairness for something that is no parameter"
    KS305 = "a write to a variable of another component"
    KS306 = "a field that is given twice"
    KS307 = "a statement that cannot stand here"
    KS308 = "a handler for a result that the request cannot have"
    KS309 = "a loop that may go round without a yield"
    KS310 = "a clause, a permission or an admission that does not fit"
    KS311 = "requests that call each other in a circle"
    KS312 = "a component reads what it may not get"
    # properties
    KS401 = "`old`, `by`, `writes` or `enabled` outside a property about steps"
    KS402 = "a temporal operator outside a temporal property"
    KS403 = "a temporal quantifier over objects that come and go, not at the head of the property"
    KS404 = "an expectation that cannot be met"
    KS405 = "a ghost variable read by something else than a property"
    KS406 = "`seen by`, `fresh`, `connected` or `caller` where there is no such thing"
    KS407 = "an assumption about each of the objects that come and go"
    # clusters and overrides
    KS501 = "a cluster that the file does not have"
    KS502 = "an object, value or action that the cluster does not have"
    KS503 = "a value that the cluster lacks"
    KS504 = "a value given twice in one cluster"
    KS505 = "clusters that extend each other in a circle"
    KS506 = "an initial choice in a place where none can be"
    KS507 = "room that does not fit the objects"
    KS508 = "an override that cannot be read"
    KS509 = "a file without a cluster to check"
    # numbers and sizes of a cluster
    KS601 = "an expression that must be a constant number"
    KS602 = "a value outside the range of its type"
    KS603 = "more values than can be enumerated or stored"
    KS604 = "more objects than a cluster can have"
    KS605 = "two objects with one key"
    KS606 = "an initial value that cannot be computed"
    KS607 = "no initial state"
    KS608 = "an action with too many branches"
    KS609 = "a model that becomes too large when its definitions are written out"
    # constructs of other versions
    KS701 = "a construct that this version does not check"
    # command line and traces
    KS901 = "a trace that cannot be read"
    KS902 = "a trace that does not fit its model"
    KS903 = "options that do not go together"
    KS904 = "nothing to check"
    KS905 = "a command line that cannot be understood"
    KS906 = "a file that cannot be written"
    KS907 = "a checkpoint that cannot be made or gone on from"
    KS999 = "an internal error of kspec"
