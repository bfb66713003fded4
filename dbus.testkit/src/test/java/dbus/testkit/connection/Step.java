package dbus.testkit.connection;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// One thing that happens to a connection.
sealed interface Step {

  /// Which of the two peers does it.
  enum Who {
    CLIENT,
    SERVER
  }

  /// What the handler of a call does.
  enum Handling {
    QUICK,
    BLOCK,
    THROW,
    THROW_NASTY,
    CALL_BACK,
    CALL_BACK_LATER,
    KEEP,
    FORGET,
    INTERRUPT_ITSELF,
    CLOSE
  }

  /// What hangs on the future of a call.
  enum Dependent {
    NOTHING,
    BLOCK,
    THROW,
    AWAIT_END,
    CALL_AGAIN
  }

  /// A call that is sent without waiting.
  record Call(Who from, Handling handling, Dependent dependent) implements Step {}

  /// A call that a thread of its own waits for, and that may be interrupted.
  record Wait(Who from, Handling handling, boolean interrupted) implements Step {}

  /// A call that wants no reply.
  record Order(Who from, Handling handling) implements Step {}

  /// A signal, which the other side handles.
  record Signal(Who from, Handling handling) implements Step {}

  /// A call of a method that there is none of.
  record Unknown(Who from) implements Step {}

  /// Lets handlers and dependents go on that block.
  record Release(int count) implements Step {}

  /// Waits until what was sent is written.
  record Flush(Who by) implements Step {}

  /// One side leaves.
  record Close(Who by, boolean atOnce) implements Step {}

  /// Up to forty of them.
  static Arbitrary<List<Step>> schedules() {
    Arbitrary<Who> who = Arbitraries.of(Who.class);
    Arbitrary<Handling> handling =
        Arbitraries.frequencyOf(
            Tuple.of(12, Arbitraries.just(Handling.QUICK)),
            Tuple.of(
                8,
                Arbitraries.of(Handling.class)
                    .filter(one -> one != Handling.CLOSE && one != Handling.FORGET)),
            Tuple.of(1, Arbitraries.of(Handling.CLOSE, Handling.FORGET)));
    Arbitrary<Step> step =
        Arbitraries.frequencyOf(
            Tuple.of(
                10,
                Combinators.combine(who, handling, Arbitraries.of(Dependent.class))
                    .as((from, one, dependent) -> new Call(from, one, dependent))),
            Tuple.of(
                4,
                Combinators.combine(who, handling, Arbitraries.of(true, false))
                    .as((from, one, interrupted) -> new Wait(from, one, interrupted))),
            Tuple.of(3, Combinators.combine(who, handling).as((from, one) -> new Order(from, one))),
            Tuple.of(
                5, Combinators.combine(who, handling).as((from, one) -> new Signal(from, one))),
            Tuple.of(1, who.map(Unknown::new)),
            Tuple.of(4, Arbitraries.integers().between(1, 4).map(Release::new)),
            Tuple.of(1, who.map(Flush::new)),
            Tuple.of(1, Combinators.combine(who, Arbitraries.of(true, false)).as(Close::new)));
    return step.list().ofMinSize(1).ofMaxSize(40);
  }
}
