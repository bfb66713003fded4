package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PayloadTest {
  @Test
  void aPayloadDoesNotChangeWithTheArraysAroundIt() {
    byte[] bytes = {1, 2};
    Payload payload = Payload.of(bytes);
    bytes[0] = 9;
    payload.bytes()[1] = 9;

    assertArrayEquals(new byte[] {1, 2}, payload.bytes());
    assertEquals(2, payload.length());
  }

  @Test
  @DisplayName("AUTH-08 hex is written in lower case and read in both")
  void hex() {
    assertEquals("00ff7f80", Payload.of(new byte[] {0, -1, 127, -128}).hex());
    assertEquals(Optional.of(Payload.of(new byte[] {-85})), Payload.ofHex("Ab"));
    assertEquals(Optional.empty(), Payload.ofHex("3"));
    assertEquals(Optional.empty(), Payload.ofHex("3\uff11"));
  }

  @Test
  void textIsUtf8OrNone() {
    assertEquals(Optional.of("gr\u00fcn"), Payload.ofText("gr\u00fcn").text());
    assertEquals(Optional.empty(), Payload.of(new byte[] {(byte) 0xc0, (byte) 0x80}).text());
    assertEquals(Optional.of(""), Payload.EMPTY.text());
  }

  @Test
  void equalityIsThatOfTheBytes() {
    assertEquals(Payload.ofText("a"), Payload.of(new byte[] {'a'}));
    assertEquals(Payload.ofText("a").hashCode(), Payload.of(new byte[] {'a'}).hashCode());
    assertNotEquals(Payload.ofText("a"), Payload.ofText("b"));
    assertTrue(Payload.of(new byte[0]).isEmpty());
  }

  @Test
  @DisplayName("SEC-37 the text of a payload is its length")
  void theTextIsTheLength() {
    assertEquals("(6 bytes)", Payload.ofText("secret").toString());
  }
}
