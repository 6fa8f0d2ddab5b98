"""The loop over scenarios as text in LLVM's language: step, judge every lane, refill those that end.

The functions work on one block of words, the state; `FIELDS` says what each word is.
"""

from __future__ import annotations

from noxsolve.vectormath import number

FIELDS = (
    *("X", "P", "O", "W"),  # arrays of vectors: core, inputs, outputs, work
    *("start", "inputs", "answer", "steps", "end"),  # rows of scenarios
    *("low", "high"),  # bounds
    *("lane", "taken", "last"),  # of each lane: its scenario, steps taken, last step
    *("count", "next", "active"),  # scenarios, the next to begin, lanes at work
)
"""Words of the state, all of eight bytes: pointers up to `last`, then whole numbers."""


def _load(name: str, kind: str = "ptr") -> str:
    """Instructions that bring a word of the state into %name."""
    at = FIELDS.index(name)
    return (
        f"  %a.{name} = getelementptr i64, ptr %S, i64 {at}\n"
        f"  %{name} = load {kind}, ptr %a.{name}\n"
    )


def _copy(label: str, after: str, count: int, source: str, target: str) -> str:
    """A loop over k: target[k] = source[k], by templates of the two pointers."""
    return f"""  br label %{label}
{label}:
  %{label}.k = phi i64 [0, %{label}.from], [%{label}.n, %{label}.body]
  %{label}.more = icmp slt i64 %{label}.k, {count}
  br i1 %{label}.more, label %{label}.body, label %{after}
{label}.body:
{source}{target}
  %{label}.v = load double, ptr %{label}.s
  store double %{label}.v, ptr %{label}.t
  %{label}.n = add i64 %{label}.k, 1
  br label %{label}
"""


def _strided(label: str, array: str, lanes: int, first: int, side: str) -> str:
    """Pointer to entry k of a lane of an array of vectors."""
    return (
        f"  %{label}.{side}1 = add i64 %{label}.k, {first}\n"
        f"  %{label}.{side}2 = mul i64 %{label}.{side}1, {lanes}\n"
        f"  %{label}.{side}3 = add i64 %{label}.{side}2, %l\n"
        f"  %{label}.{side} = getelementptr double, ptr %{array}, i64 %{label}.{side}3\n"
    )


def _row(label: str, array: str, length: int, first: int, side: str) -> str:
    """Pointer to entry k of the scenario's row of an array."""
    return (
        f"  %{label}.{side}1 = mul i64 %s, {length}\n"
        f"  %{label}.{side}2 = add i64 %{label}.{side}1, {first}\n"
        f"  %{label}.{side}3 = add i64 %{label}.{side}2, %{label}.k\n"
        f"  %{label}.{side} = getelementptr double, ptr %{array}, i64 %{label}.{side}3\n"
    )


_REFILL = """define internal void @refill(ptr %S, i64 %l) noinline nounwind {{
{words}  %lane.l = getelementptr i64, ptr %lane, i64 %l
  %s = add i64 %next, 0
  %some = icmp slt i64 %next, %count
  br i1 %some, label %begin, label %rest
rest:
  store i64 -1, ptr %lane.l
  %fewer = sub i64 %active, 1
  store i64 %fewer, ptr %a.active
  ret void
begin:
  store i64 %s, ptr %lane.l
  %following = add i64 %next, 1
  store i64 %following, ptr %a.next
  %taken.l = getelementptr i64, ptr %taken, i64 %l
  store i64 0, ptr %taken.l
  %last.l = getelementptr double, ptr %last, i64 %l
  store double {infinity}, ptr %last.l
  br label %x.from
x.from:
{copies}out:
  ret void
}}
"""


def _refill(lanes: int, core: int, varied: int) -> str:
    """Give a lane the next scenario, or put it to rest (scenario -1)."""
    words = "".join(_load(k) for k in ("X", "P", "start", "inputs", "lane", "taken", "last"))
    words += _load("count", "i64") + _load("next", "i64") + _load("active", "i64")
    copies = _copy(
        "x", "p.from", core, _row("x", "start", core, 0, "s"), _strided("x", "X", lanes, 0, "t")
    )
    copies += "p.from:\n" + _copy(
        "p", "out", varied, _row("p", "inputs", varied, 0, "s"), _strided("p", "P", lanes, 0, "t")
    )
    return _REFILL.format(words=words, copies=copies, infinity=number(float("inf")))


_FINISH = """define internal void @finish(ptr %S, i64 %l, i64 %s, i64 %code) noinline nounwind {{
{words}  %end.s = getelementptr i64, ptr %end, i64 %s
  store i64 %code, ptr %end.s
  br label %x.from
x.from:
{copies}check:
  %solved = icmp eq i64 %code, 0
  br i1 %solved, label %bounds, label %out
bounds:
  %k = phi i64 [0, %check], [%k.n, %inside]
  %more = icmp slt i64 %k, {n}
  br i1 %more, label %compare, label %out
compare:
  %r = mul i64 %s, {n}
  %ends = sub i64 {n}, {lanes}
  %late = icmp sgt i64 %k, %ends
  %at = select i1 %late, i64 %ends, i64 %k
  %rk = add i64 %r, %at
  %v.p = getelementptr double, ptr %answer, i64 %rk
  %low.p = getelementptr double, ptr %low, i64 %at
  %high.p = getelementptr double, ptr %high, i64 %at
  %v = load {v}, ptr %v.p, align 8
  %low.v = load {v}, ptr %low.p, align 8
  %high.v = load {v}, ptr %high.p, align 8
  %above = fcmp oge {v} %v, %low.v
  %below = fcmp ole {v} %v, %high.v
  %both = and <{lanes} x i1> %above, %below
  %bits = bitcast <{lanes} x i1> %both to i{lanes}
  %within = icmp eq i{lanes} %bits, -1
  br i1 %within, label %inside, label %outside
inside:
  %k.n = add i64 %k, {lanes}
  br label %bounds
outside:
  store i64 1, ptr %end.s
  br label %out
out:
  ret void
}}
"""


def _finish(lanes: int, core: int, rest: int) -> str:
    """Write the answer of a lane's scenario and how it ended; checks its bounds where it is solved.

    The last vector of a row reaches back, so a model needs as many unknowns as there are lanes.
    """
    n, v = core + rest, f"<{lanes} x double>"
    words = "".join(_load(k) for k in ("X", "O", "answer", "end", "low", "high"))
    copies = _copy(
        "x", "z.from", core, _strided("x", "X", lanes, 0, "s"), _row("x", "answer", n, 0, "t")
    )
    copies += "z.from:\n" + _copy(
        "z", "check", rest, _strided("z", "O", lanes, 2, "s"), _row("z", "answer", n, core, "t")
    )
    return _FINISH.format(words=words, copies=copies, n=n, v=v, lanes=lanes)


_JUDGE = """define internal void @judge(ptr %S, i64 %l, double %tol, double %res, double %rounded, double %stalled, double %res2, double %big, i64 %limit) noinline nounwind {{
{words}  %lane.l = getelementptr i64, ptr %lane, i64 %l
  %s = load i64, ptr %lane.l
  %works = icmp sge i64 %s, 0
  br i1 %works, label %test, label %out
test:
  %e.p = getelementptr double, ptr %O, i64 %l
  %e = load double, ptr %e.p
  %r.at = add i64 %l, {lanes}
  %r.p = getelementptr double, ptr %O, i64 %r.at
  %r = load double, ptr %r.p
  %taken.l = getelementptr i64, ptr %taken, i64 %l
  %t0 = load i64, ptr %taken.l
  %t = add i64 %t0, 1
  store i64 %t, ptr %taken.l
  %last.l = getelementptr double, ptr %last, i64 %l
  %before = load double, ptr %last.l
  store double %e, ptr %last.l
  %small = fcmp olt double %e, %tol
  %exact = fcmp olt double %r, %res
  %good = and i1 %small, %exact
  %floor = fmul double %before, %stalled
  %still = fcmp ogt double %e, %floor
  %tiny = fcmp olt double %e, %rounded
  %exact2 = fcmp olt double %r, %res2
  %g1 = and i1 %still, %tiny
  %g2 = and i1 %g1, %exact2
  %solved = or i1 %good, %g2
  %e.fine = fcmp olt double %e, %big
  %r.fine = fcmp olt double %r, %big
  %fine = and i1 %e.fine, %r.fine
  %left = icmp slt i64 %t, %limit
  %c1 = select i1 %left, i64 -1, i64 3
  %c2 = select i1 %fine, i64 %c1, i64 2
  %code = select i1 %solved, i64 0, i64 %c2
  %ends = icmp sge i64 %code, 0
  br i1 %ends, label %over, label %out
over:
  %steps.s = getelementptr i64, ptr %steps, i64 %s
  store i64 %t, ptr %steps.s
  call void @finish(ptr %S, i64 %l, i64 %s, i64 %code)
  ret void
out:
  ret void
}}
"""


def _judge(lanes: int) -> str:
    """End a lane whose step and residual are small, no number, or too many; counts the step.

    Lane, squares of tolerances of step, residual, rounding, stall, residual then, divergence, limit.
    """
    words = "".join(_load(k) for k in ("O", "lane", "taken", "last", "steps"))
    return _JUDGE.format(words=words, lanes=lanes)


_RUN = """define void @run(ptr %S, {tolerances}) nounwind {{
{words}  %a.active = getelementptr i64, ptr %S, i64 {active}
  store i64 {lanes}, ptr %a.active
  br label %fill
fill:
  %f = phi i64 [0, %0], [%f.n, %fill]
  call void @refill(ptr %S, i64 %f)
  %f.n = add i64 %f, 1
  %f.more = icmp slt i64 %f.n, {lanes}
  br i1 %f.more, label %fill, label %round
round:
  %active = load i64, ptr %a.active
  %any = icmp sgt i64 %active, 0
  br i1 %any, label %work, label %out
work:
  call void @step(ptr %X, ptr %P, ptr %O, ptr %W)
  br label %judge
judge:
  %l = phi i64 [0, %work], [%l.n, %judge]
  call void @judge(ptr %S, i64 %l, {passed})
  %l.n = add i64 %l, 1
  %l.more = icmp slt i64 %l.n, {lanes}
  br i1 %l.more, label %judge, label %move
move:
  %k = phi i64 [0, %judge], [%k.n, %move.body]
  %k.more = icmp slt i64 %k, {core}
  br i1 %k.more, label %move.body, label %again
move.body:
  %from.k = add i64 %k, {first}
  %from = getelementptr {v}, ptr %O, i64 %from.k
  %to = getelementptr {v}, ptr %X, i64 %k
  %value = load {v}, ptr %from
  store {v} %value, ptr %to
  %k.n = add i64 %k, 1
  br label %move
again:
  %m = phi i64 [0, %move], [%m.n, %again.next]
  %lane.m = getelementptr i64, ptr %lane, i64 %m
  %s = load i64, ptr %lane.m
  %works = icmp sge i64 %s, 0
  br i1 %works, label %asked, label %again.next
asked:
  %end.s = getelementptr i64, ptr %end, i64 %s
  %code = load i64, ptr %end.s
  %over = icmp sge i64 %code, 0
  br i1 %over, label %new, label %again.next
new:
  call void @refill(ptr %S, i64 %m)
  br label %again.next
again.next:
  %m.n = add i64 %m, 1
  %m.more = icmp slt i64 %m.n, {lanes}
  br i1 %m.more, label %again, label %round
out:
  ret void
}}
"""


def _run(lanes: int, core: int, rest: int) -> str:
    """The loop: @run(state, tolerances...).

    Lanes that ended are refilled only after the new core was taken over by all.
    """
    v = f"<{lanes} x double>"
    words = "".join(_load(k) for k in ("X", "P", "O", "W", "lane", "end"))
    tolerances = "double %tol, double %res, double %rounded, double %stalled, double %res2, double %big, i64 %limit"
    return _RUN.format(
        words=words,
        tolerances=tolerances,
        passed=tolerances,
        active=FIELDS.index("active"),
        lanes=lanes,
        core=core,
        first=2 + rest,
        v=v,
    )


_PREDICT = """define void @predict(ptr %start, ptr %change, ptr %base, ptr %slopes, i64 %count) nounwind {{
  br label %rows
rows:
  %s = phi i64 [0, %0], [%s.n, %rows.next]
  %s.more = icmp slt i64 %s, %count
  br i1 %s.more, label %columns, label %out
columns:
  %k = phi i64 [0, %rows], [%k.n, %write]
  %k.more = icmp slt i64 %k, {core}
  br i1 %k.more, label %begin, label %rows.next
begin:
  %late = icmp sgt i64 %k, {last}
  %at = select i1 %late, i64 {last}, i64 %k
  %base.p = getelementptr double, ptr %base, i64 %at
  %first = load {v}, ptr %base.p, align 8
  br label %sum
sum:
  %j = phi i64 [0, %begin], [%j.n, %term]
  %total = phi {v} [%first, %begin], [%more, %term]
  %j.more = icmp slt i64 %j, {varied}
  br i1 %j.more, label %term, label %write
term:
  %c1 = mul i64 %s, {varied}
  %c2 = add i64 %c1, %j
  %c.p = getelementptr double, ptr %change, i64 %c2
  %c = load double, ptr %c.p
  %c.0 = insertelement {v} undef, double %c, i32 0
  %c.v = shufflevector {v} %c.0, {v} undef, <{lanes} x i32> zeroinitializer
  %d1 = mul i64 %j, {core}
  %d2 = add i64 %d1, %at
  %d.p = getelementptr double, ptr %slopes, i64 %d2
  %d = load {v}, ptr %d.p, align 8
  %more = call {v} @llvm.fma.v{lanes}f64({v} %c.v, {v} %d, {v} %total)
  %j.n = add i64 %j, 1
  br label %sum
write:
  %o1 = mul i64 %s, {core}
  %o2 = add i64 %o1, %at
  %o.p = getelementptr double, ptr %start, i64 %o2
  store {v} %total, ptr %o.p, align 8
  %k.n = add i64 %k, {lanes}
  br label %columns
rows.next:
  %s.n = add i64 %s, 1
  br label %rows
out:
  ret void
}}
"""


def _predict(lanes: int, core: int, varied: int) -> str:
    """@predict(start, change, base, slopes, count): start = base + slopes change, row by row.

    Rows of `slopes` belong to inputs. Each row of `start` is computed alone and in the same order, so it
    is the same wherever the scenario stands. The last vector of a row reaches back.
    """
    v = f"<{lanes} x double>"
    return _PREDICT.format(v=v, lanes=lanes, core=core, varied=varied, last=core - lanes)


def loop(lanes: int, core: int, rest: int, varied: int) -> str:
    """Text of the loop around the function @step, and of the prediction of where to start.

    A scenario's `end` must be -1 at the beginning; it becomes the code of `noxsolve.lanes`.
    """
    return "\n".join(
        [
            _refill(lanes, core, varied),
            _finish(lanes, core, rest),
            _judge(lanes),
            _run(lanes, core, rest),
            _predict(lanes, core, varied),
        ]
    )
