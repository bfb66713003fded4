package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "c080",
        "c1bf",
        "e080af",
        "e09fbf",
        "f08080af",
        "f08fbfbf",
        "eda080",
        "edbfbf",
        "f4908080",
        "f5808080",
        "f8888080",
        "fc84808080",
        "fe",
        "ff",
        "a9",
        "80",
        "bf",
        "c3",
        "e282",
        "f09f98",
        "c328",
        "e28228",
        "e22882",
        "f09f9828",
        "f0289880",
        "00"
      })
  @DisplayName("WIRE-25: what is not UTF-8, anywhere in a text, is found where it begins")
  void invalid(String hex) {
    byte[] bad = HexFormat.of().parseHex(hex);
    for (int before = 0; before < 20; before++) {
      for (int after = 0; after < 10; after++) {
        byte[] text = new byte[before + bad.length + after];
        Arrays.fill(text, (byte) 'x');
        System.arraycopy(bad, 0, text, before, bad.length);
        assertEquals(before, Utf8.fault(text, 0, text.length), hex + " at " + before);
      }
    }
  }

  @Test
  @DisplayName("WIRE-25, WIRE-26: every character but NUL and the surrogates is valid")
  void everyCharacter() {
    for (int point = 1; point <= Character.MAX_CODE_POINT; point++) {
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        continue;
      }
      byte[] text = Character.toString(point).getBytes(StandardCharsets.UTF_8);
      if (Utf8.fault(text, 0, text.length) != -1) {
        assertEquals(-1, Utf8.fault(text, 0, text.length), Integer.toHexString(point));
      }
    }
  }

  @Test
  @DisplayName(
      "WIRE-25: all sequences of three bytes, and those of four that matter, agree with the JDK")
  void agreesWithTheJdk() {
    byte[] text = new byte[4];
    int[] fourth = {0x01, 0x7f, 0x80, 0xbf, 0xc0};
    for (int i = 0; i < 1 << 24; i += 0x11) {
      text[0] = (byte) (i >> 16);
      text[1] = (byte) (i >> 8);
      text[2] = (byte) i;
      text[3] = (byte) fourth[i % fourth.length];
      boolean nul = text[0] == 0 || text[1] == 0 || text[2] == 0;
      boolean valid = !nul && jdkAccepts(text);
      if (valid != (Utf8.fault(text, 0, 4) == -1)) {
        assertEquals(valid, Utf8.fault(text, 0, 4) == -1, HexFormat.of().formatHex(text));
      }
    }
  }

  private static boolean jdkAccepts(byte[] text) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).remaining() > 0;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
