package dbus.wire;

import static dbus.wire.Codec.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A codec for a struct of many fields")
class LongStructTest {
  /// What systemd's ListUnits answers with, `a(ssssssouso)`.
  record Unit(
      String name,
      String description,
      String loadState,
      String activeState,
      String subState,
      String followed,
      ObjectPath path,
      long job,
      String jobType,
      ObjectPath jobPath) {}

  private static final Codec<Unit> UNIT =
      Codec.struct(fields -> {
        var name = fields.add(STRING, Unit::name);
        var description = fields.add(STRING, Unit::description);
        var loadState = fields.add(STRING, Unit::loadState);
        var activeState = fields.add(STRING, Unit::activeState);
        var subState = fields.add(STRING, Unit::subState);
        var followed = fields.add(STRING, Unit::followed);
        var path = fields.add(OBJECT_PATH, Unit::path);
        var job = fields.add(UINT32, Unit::job);
        var jobType = fields.add(STRING, Unit::jobType);
        var jobPath = fields.add(OBJECT_PATH, Unit::jobPath);
        return its ->
            new Unit(
                its.get(name),
                its.get(description),
                its.get(loadState),
                its.get(activeState),
                its.get(subState),
                its.get(followed),
                its.get(path),
                its.get(job),
                its.get(jobType),
                its.get(jobPath));
      });

  /// What GNOME's DisplayConfig calls a mode, `(siiddada{sv})`.
  record Mode(
      String id,
      int width,
      int height,
      double rate,
      double scale,
      List<Double> scales,
      Map<String, Value> properties) {}

  private static final Codec<Mode> MODE =
      Codec.struct(fields -> {
        var id = fields.add(STRING, Mode::id);
        var width = fields.add(INT32, Mode::width);
        var height = fields.add(INT32, Mode::height);
        var rate = fields.add(DOUBLE, Mode::rate);
        var scale = fields.add(DOUBLE, Mode::scale);
        var scales = fields.add(listOf(DOUBLE), Mode::scales);
        var properties = fields.add(mapOf(STRING, VARIANT), Mode::properties);
        return its ->
            new Mode(
                its.get(id),
                its.get(width),
                its.get(height),
                its.get(rate),
                its.get(scale),
                its.get(scales),
                its.get(properties));
      });

  @Test
  @DisplayName("WIRE-33: reads what it wrote, the units of systemd")
  void units() throws SignatureMismatchException {
    Unit unit =
        new Unit(
            "a.service",
            "A",
            "loaded",
            "active",
            "running",
            "",
            new ObjectPath("/a"),
            4_294_967_295L,
            "start",
            ObjectPath.ROOT);
    Body body = Body.of(listOf(UNIT), List.of(unit, unit));
    assertEquals("a(ssssssouso)", body.signature().toString());
    assertEquals(List.of(unit, unit), body.read(listOf(UNIT)));
    // And it is what the values of the same signature are.
    assertEquals(body, Body.of(body.values().getFirst()));
  }

  @Test
  @DisplayName("WIRE-33: reads what it wrote, the modes of a display")
  void modes() throws SignatureMismatchException {
    Mode mode =
        new Mode(
            "1920x1080",
            1920,
            1080,
            59.9,
            1,
            List.of(1.0, 1.25),
            Map.of("is-current", Value.of(true)));
    Body body = Body.of(MODE, mode);
    assertEquals("(siiddada{sv})", body.signature().toString());
    assertEquals(mode, body.read(MODE));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6, 7, 16, 17, 253})
  @DisplayName("has as many fields as a signature has room for")
  void many(int count) throws SignatureMismatchException {
    Codec<List<Integer>> codec = ints(count);
    List<Integer> numbers = IntStream.range(0, count).boxed().toList();
    Body body = Body.of(codec, numbers);
    assertEquals("(" + "i".repeat(count) + ")", body.signature().toString());
    assertEquals(numbers, body.read(codec));
  }

  private static Codec<List<Integer>> ints(int count) {
    return Codec.struct(fields -> {
      List<StructFields.Field<List<Integer>, Integer>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int index = i;
        all.add(fields.add(INT32, list -> list.get(index)));
      }
      return its -> all.stream().map(its::get).toList();
    });
  }

  @Test
  @DisplayName("WIRE-16: has a field at least")
  void none() {
    assertThrows(IllegalArgumentException.class, () -> Codec.<String>struct(_ -> _ -> "nothing"));
  }

  @Test
  @DisplayName("takes no field that belongs to another, and none when it is complete")
  void strangers() throws SignatureMismatchException {
    List<StructFields<String>> kept = new ArrayList<>();
    List<StructFields.Field<String, String>> others = new ArrayList<>();
    Codec<String> one =
        Codec.struct(fields -> {
          kept.add(fields);
          others.add(fields.add(STRING, text -> text));
          return its -> its.get(others.getFirst());
        });
    Codec<String> confused =
        Codec.struct(fields -> {
          fields.add(STRING, text -> text);
          return its -> its.get(others.getFirst());
        });
    assertEquals("a", Body.of(one, "a").read(one));
    assertThrows(IllegalArgumentException.class, () -> Body.of(one, "a").read(confused));
    assertThrows(IllegalStateException.class, () -> kept.getFirst().add(STRING, text -> text));
  }
}
