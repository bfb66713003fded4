package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The code that the pages of the types show; that of the package is in [PackageExampleTest].
class DocumentedExamplesTest {
  @Test
  @DisplayName("AuthPolicy: five ways to say who may connect")
  void policies() {
    AuthObserver observer = new AuthObserver() {};
    Optional<Credentials> own = Optional.of(Credentials.ofThisProcess());

    List<AuthPolicy> policies =
        List.of(
            AuthPolicy.sameUser(),
            AuthPolicy.sameUser().alsoUid(0),
            AuthPolicy.anyUser(),
            AuthPolicy.anyUser().allowAnonymous(),
            AuthPolicy.anyUser().observedBy(observer));

    assertTrue(policies.stream().allMatch(policy -> policy.admits(own)));
    assertEquals(
        List.of(false, false, false, true, false),
        policies.stream().map(AuthPolicy::allowsAnonymous).toList());
  }

  @Test
  @DisplayName("CookieKeyring: a keyring elsewhere, by another name")
  void keyring(@TempDir Path directory) {
    CookieKeyring keyring = CookieKeyring.at(directory).withContext("org_example_app");
    ServerMechanism mechanism = ServerMechanism.cookieSha1(keyring);

    assertEquals("DBUS_COOKIE_SHA1", mechanism.name());
    assertEquals(directory, keyring.directory());
    assertEquals("org_example_app", keyring.context());
  }
}
