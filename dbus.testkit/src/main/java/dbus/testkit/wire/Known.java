package dbus.testkit.wire;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.RandomGenerator;

/// An arbitrary that is told from others by identity, and has no edge cases.
///
/// jqwik keeps generators in a map, by the structure of their arbitraries, and to compare the
/// structure of thousands of nested arbitraries took most of the time of a property.
public final class Known<T> implements Arbitrary<T> {
  private final Arbitrary<T> arbitrary;
  private final boolean memoizable;

  private Known(Arbitrary<T> arbitrary, boolean memoizable) {
    this.arbitrary = arbitrary;
    this.memoizable = memoizable;
  }

  /// One that is kept by whoever made it.
  public static <T> Arbitrary<T> of(Arbitrary<T> arbitrary) {
    return new Known<>(arbitrary, true);
  }

  /// One that is made for a single value.
  static <T> Arbitrary<T> once(Arbitrary<T> arbitrary) {
    return new Known<>(arbitrary, false);
  }

  @Override
  public RandomGenerator<T> generator(int genSize) {
    return arbitrary.generator(genSize);
  }

  @Override
  public EdgeCases<T> edgeCases(int maxEdgeCases) {
    return EdgeCases.none();
  }

  @Override
  public boolean isGeneratorMemoizable() {
    return memoizable;
  }
}
