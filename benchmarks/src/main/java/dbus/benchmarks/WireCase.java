package dbus.benchmarks;

import dbus.wire.BasicType;
import dbus.wire.Signature;
import dbus.wire.WireReader;
import dbus.wire.WireWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.types.Variant;

/// The bodies that are measured: how each is written and read with the cursors, and the same values
/// as dbus-java wants them.
public enum WireCase {
  /// A call without arguments.
  EMPTY("") {
    @Override
    void write(WireWriter writer) {}

    @Override
    long read(WireReader reader, Targets targets) {
      return 0;
    }

    @Override
    Object[] theirs() {
      return new Object[0];
    }
  },

  /// One string of 32 bytes.
  STRING("s") {
    @Override
    void write(WireWriter writer) {
      writer.writeString(TEXT);
    }

    @Override
    long read(WireReader reader, Targets targets) {
      return targets.keep(reader.readString());
    }

    @Override
    Object[] theirs() {
      return new Object[] {TEXT};
    }
  },

  /// Twelve properties, as the reply to GetAll of a media player has them.
  PROPERTIES("a{sv}") {
    @Override
    void write(WireWriter writer) {
      writer.beginArray();
      text(writer, "PlaybackStatus", "Playing");
      text(writer, "LoopStatus", "Playlist");
      real(writer, "Rate", 1.0);
      flag(writer, "Shuffle", false);
      text(writer, "Title", "A piece for two pianos, first movement");
      text(writer, "Artist", "Somebody");
      real(writer, "Volume", 0.8);
      writer.beginDictEntry();
      writer.writeString("Position");
      writer.beginVariant(INT64);
      writer.writeInt64(61_000_000L);
      writer.endVariant();
      writer.endDictEntry();
      writer.beginDictEntry();
      writer.writeString("TrackNumber");
      writer.beginVariant(UINT32);
      writer.writeUInt32(7);
      writer.endVariant();
      writer.endDictEntry();
      flag(writer, "CanPlay", true);
      flag(writer, "CanPause", true);
      flag(writer, "CanSeek", true);
      writer.endArray();
    }

    private void text(WireWriter writer, String key, String value) {
      writer.beginDictEntry();
      writer.writeString(key);
      writer.beginVariant(STRING_TYPE);
      writer.writeString(value);
      writer.endVariant();
      writer.endDictEntry();
    }

    private void real(WireWriter writer, String key, double value) {
      writer.beginDictEntry();
      writer.writeString(key);
      writer.beginVariant(DOUBLE);
      writer.writeDouble(value);
      writer.endVariant();
      writer.endDictEntry();
    }

    private void flag(WireWriter writer, String key, boolean value) {
      writer.beginDictEntry();
      writer.writeString(key);
      writer.beginVariant(BOOLEAN);
      writer.writeBoolean(value);
      writer.endVariant();
      writer.endDictEntry();
    }

    @Override
    long read(WireReader reader, Targets targets) {
      long sum = 0;
      reader.enterArray();
      while (reader.hasNext()) {
        reader.enterDictEntry();
        sum += targets.keep(reader.readString());
        reader.enterVariant();
        sum +=
            switch ((BasicType) reader.nextType()) {
              case STRING -> targets.keep(reader.readString());
              case DOUBLE -> (long) reader.readDouble();
              case BOOLEAN -> reader.readBoolean() ? 1 : 0;
              case INT64 -> reader.readInt64();
              case UINT32 -> reader.readUInt32();
              default -> throw new AssertionError();
            };
        reader.leaveVariant();
        reader.leaveDictEntry();
      }
      reader.leaveArray();
      return sum;
    }

    @Override
    Object[] theirs() {
      Map<String, Variant<?>> map = new LinkedHashMap<>();
      map.put("PlaybackStatus", new Variant<>("Playing"));
      map.put("LoopStatus", new Variant<>("Playlist"));
      map.put("Rate", new Variant<>(1.0));
      map.put("Shuffle", new Variant<>(false));
      map.put("Title", new Variant<>("A piece for two pianos, first movement"));
      map.put("Artist", new Variant<>("Somebody"));
      map.put("Volume", new Variant<>(0.8));
      map.put("Position", new Variant<>(61_000_000L));
      map.put("TrackNumber", new Variant<>(new org.freedesktop.dbus.types.UInt32(7)));
      map.put("CanPlay", new Variant<>(true));
      map.put("CanPause", new Variant<>(true));
      map.put("CanSeek", new Variant<>(true));
      return new Object[] {map};
    }
  },

  /// 1 MiB of bytes.
  BYTES("ay") {
    @Override
    void write(WireWriter writer) {
      writer.writeByteArray(MEBIBYTE);
    }

    @Override
    long read(WireReader reader, Targets targets) {
      return reader.readByteArray(targets.bytes);
    }

    @Override
    Object[] theirs() {
      return new Object[] {MEBIBYTE};
    }
  },

  /// 1 MiB of 32-bit integers.
  INTS("ai") {
    @Override
    void write(WireWriter writer) {
      writer.writeInt32Array(INTEGERS);
    }

    @Override
    long read(WireReader reader, Targets targets) {
      return reader.readInt32Array(targets.ints);
    }

    @Override
    Object[] theirs() {
      return new Object[] {INTEGERS};
    }
  },

  /// 1,000 structs of an integer, a string, and four doubles.
  STRUCTS("a(isad)") {
    @Override
    void write(WireWriter writer) {
      writer.beginArray();
      for (int i = 0; i < COUNT; i++) {
        writer.beginStruct();
        writer.writeInt32(i);
        writer.writeString(NAMES[i]);
        writer.writeDoubleArray(DOUBLES);
        writer.endStruct();
      }
      writer.endArray();
    }

    @Override
    long read(WireReader reader, Targets targets) {
      long sum = 0;
      reader.enterArray();
      while (reader.hasNext()) {
        reader.enterStruct();
        sum += reader.readInt32();
        sum += targets.keep(reader.readString());
        sum += reader.readDoubleArray(targets.doubles);
        reader.leaveStruct();
      }
      reader.leaveArray();
      return sum;
    }

    @Override
    Object[] theirs() {
      List<Object[]> list = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        list.add(new Object[] {i, NAMES[i], DOUBLES});
      }
      return new Object[] {list};
    }
  };

  static final int MIB = 1 << 20;

  private static final int COUNT = 1000;
  private static final Signature STRING_TYPE = Signature.parse("s");
  private static final Signature DOUBLE = Signature.parse("d");
  private static final Signature BOOLEAN = Signature.parse("b");
  private static final Signature INT64 = Signature.parse("x");
  private static final Signature UINT32 = Signature.parse("u");
  private static final String TEXT = "a string of exactly thirty-two b";
  private static final byte[] MEBIBYTE = new byte[MIB];
  private static final int[] INTEGERS = new int[MIB / Integer.BYTES];
  private static final double[] DOUBLES = {1.5, -2.25, 0, 1e100};
  private static final String[] NAMES = new String[COUNT];

  static {
    for (int i = 0; i < COUNT; i++) {
      NAMES[i] = "element " + i;
    }
    for (int i = 0; i < MIB; i++) {
      MEBIBYTE[i] = (byte) i;
    }
    for (int i = 0; i < INTEGERS.length; i++) {
      INTEGERS[i] = i * 0x9e3779b9;
    }
  }

  private final Signature signature;

  WireCase(String signature) {
    this.signature = Signature.parse(signature);
  }

  Signature signature() {
    return signature;
  }

  /// Where bulk data is read to.
  static final class Targets {
    final byte[] bytes = new byte[MIB];
    final int[] ints = new int[MIB / Integer.BYTES];
    final double[] doubles = new double[4];

    private String text = "";

    /// Takes a string as a program would that goes on with it: otherwise the compiler would see
    /// that no more than its length is asked for, and leave the object out.
    int keep(String text) {
      this.text = text;
      return text.length();
    }
  }

  abstract void write(WireWriter writer);

  /// Reads all; the result keeps the compiler from leaving it out.
  abstract long read(WireReader reader, Targets targets);

  /// The arguments for dbus-java.
  abstract Object[] theirs();
}
