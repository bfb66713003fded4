package dbus.wire;

import java.util.Arrays;

/// What reading and writing have in common: the walk over the signature while the values go by.
///
/// The walk itself is a look into [Signature#next] a value, since that leads out of structs and
/// around in arrays. Only arrays and variants are remembered while they are open.
abstract sealed class SignatureCursor permits WireReader, WireOutput {
  private static final Signature[] NO_SIGNATURES = {};
  private static final int[] NO_PLACES = {};
  private static final int FIRST_FRAMES = 4;

  Signature signature;
  byte[] codes;
  short[] next;

  /// The place in the signature of the type that comes next.
  int at;

  /// The place in the signature of the type that a subclass's `begin` found last; a second result
  /// of it.
  int place;

  // The open arrays and variants: which place of which signature each stands at, and one number
  // that the subclass wants back.
  private Signature[] frameSignatures = NO_SIGNATURES;
  private int[] framePlaces = NO_PLACES;
  private int[] frameNumbers = NO_PLACES;
  private int frames;

  SignatureCursor(Signature signature) {
    this.signature = signature;
    this.codes = signature.codes;
    this.next = signature.next;
  }

  /// Goes to the start of a signature, whatever was open.
  final void restart(Signature signature) {
    frames = 0;
    enter(signature, 0);
  }

  final void enter(Signature signature, int at) {
    this.signature = signature;
    this.codes = signature.codes;
    this.next = signature.next;
    this.at = at;
  }

  /// Opens the array or variant at [#place].
  final void push(int number) {
    if (frames == framePlaces.length) {
      growFrames();
    }
    frameSignatures[frames] = signature;
    framePlaces[frames] = place;
    frameNumbers[frames] = number;
    frames++;
  }

  /// Closes what was opened last, walks behind it, and gives the number back.
  final int pop() {
    frames--;
    Signature outer = frameSignatures[frames];
    enter(outer, outer.next[framePlaces[frames]]);
    return frameNumbers[frames];
  }

  /// The number of what was opened last.
  final int top() {
    return frameNumbers[frames - 1];
  }

  /// Whether the cursor is directly in an array, before an element or at the end. The place behind
  /// an `a` is walked only there.
  final boolean atElement() {
    return at > 0 && codes[at - 1] == 'a';
  }

  /// Whether the cursor is behind the value of a variant.
  final boolean atEndOfVariant() {
    return codes[at] == 0 && frames > 0;
  }

  /// Whether the cursor is behind the last value of the signature it started with.
  final boolean atEnd() {
    return codes[at] == 0 && frames == 0;
  }

  /// Walks over the closing bracket of a struct or dict entry.
  final void walkOver(int close) {
    if (codes[at] != close) {
      throw new IllegalStateException(
          "not behind the last value before " + (char) close + ": " + where());
    }
    at = next[at];
  }

  final void requireAtElement() {
    if (!atElement()) {
      throw new IllegalStateException("not directly in an array: " + where());
    }
  }

  final void requireEndOfVariant() {
    if (!atEndOfVariant()) {
      throw new IllegalStateException("not behind the value of a variant: " + where());
    }
  }

  final String where() {
    return "at " + at + " of the signature \"" + signature + "\"";
  }

  private void growFrames() {
    int capacity = Math.max(FIRST_FRAMES, 2 * frames);
    frameSignatures = Arrays.copyOf(frameSignatures, capacity);
    framePlaces = Arrays.copyOf(framePlaces, capacity);
    frameNumbers = Arrays.copyOf(frameNumbers, capacity);
  }
}
