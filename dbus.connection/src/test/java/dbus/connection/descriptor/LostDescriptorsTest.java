package dbus.connection.descriptor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.descriptor.LostDescriptors.TooManyException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Descriptors that nobody knows of are found and closed, and none that somebody knows of.
@DisplayName("FD-14, SEC-21 descriptors that are received, and that nobody is told of")
class LostDescriptorsTest {

  private static final int COUNT = 60;

  private final List<FileDescriptor> opened = new ArrayList<>();
  private FileInputStream reader;
  private FileDescriptor writer;

  @BeforeEach
  void open() throws IOException {
    Assumptions.assumeTrue(LostDescriptors.canBeFound(), "only Linux tells what is open");
    List<FileDescriptor> pipe = Descriptors.pipe();
    reader = new FileInputStream(pipe.getFirst());
    writer = pipe.getLast();
  }

  @AfterEach
  void close() throws IOException {
    reader.close();
    Descriptors.close(writer);
  }

  /// As the kernel and junixsocket do; it is the test alone that knows them.
  private int lose(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      opened.add(Descriptors.duplicate(writer));
    }
    throw new TooManyException(COUNT, new IOException("No buffer space available"));
  }

  private static int read(LostDescriptors.Reading reading) {
    TooManyException thrown =
        assertThrows(TooManyException.class, () -> LostDescriptors.watch(reading, COUNT));
    assertTrue(String.valueOf(thrown.getMessage()).contains("more than 60"));
    return COUNT;
  }

  /// Once this test has closed its own.
  private void allAreClosed() throws Exception {
    Descriptors.close(writer);
    CompletableFuture<Integer> end = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            end.complete(reader.read());
          } catch (IOException e) {
            end.completeExceptionally(e);
          }
        });
    assertEquals(-1, end.get(30, TimeUnit.SECONDS));
  }

  @Test
  void areClosedAtOnce() throws Exception {
    assertEquals(COUNT, read(() -> lose(COUNT)));
    for (FileDescriptor one : opened) {
      assertTrue(isClosed(one));
    }
    allAreClosed();
  }

  private static boolean isClosed(FileDescriptor one) {
    try {
      var _ = Descriptors.number(one);
      return false;
    } catch (IOException closed) {
      return true;
    }
  }

  @Test
  @DisplayName("are closed when what others have opened in between is, which is left alone")
  void amongOthers() throws Exception {
    FileInputStream[] others = new FileInputStream[2];
    assertEquals(
        COUNT,
        read(() -> {
          others[0] = new FileInputStream("/dev/zero");
          others[1] = new FileInputStream("/dev/zero");
          return lose(COUNT);
        }));
    for (FileDescriptor one : opened) {
      assertTrue(!isClosed(one), "one that may be somebody else's is closed");
    }
    for (FileInputStream other : others) {
      assertEquals(0, other.read());
      other.close();
    }
    allAreClosed();
  }

  @Test
  @DisplayName("are told from one that has got a number which was another's")
  void numberUsedAgain() throws Exception {
    FileOutputStream before = new FileOutputStream("/dev/null");
    FileInputStream[] other = new FileInputStream[1];
    assertEquals(
        COUNT,
        read(() -> {
          before.close();
          opened.add(Descriptors.duplicate(writer));
          other[0] = new FileInputStream("/dev/zero");
          return lose(COUNT - 1);
        }));
    assertEquals(0, other[0].read());
    other[0].close();
    allAreClosed();
  }

  @Test
  @DisplayName("are left alone, all of them, where they are fewer than were lost")
  void fewer() throws Exception {
    assertEquals(COUNT, read(() -> lose(COUNT - 1)));
    for (FileDescriptor one : opened) {
      assertTrue(!isClosed(one));
      Descriptors.close(one);
    }
    allAreClosed();
  }

  @Test
  void areNotLookedForWhereReadingFailsForAnotherReason() throws Exception {
    IOException why = new IOException("Connection reset by peer");
    assertEquals(
        why,
        assertThrows(
            IOException.class,
            () ->
                LostDescriptors.watch(
                    () -> {
                      for (int i = 0; i < COUNT; i++) {
                        opened.add(Descriptors.duplicate(writer));
                      }
                      throw why;
                    },
                    COUNT)));
    for (FileDescriptor one : opened) {
      assertTrue(!isClosed(one));
      Descriptors.close(one);
    }
    allAreClosed();
  }
}
