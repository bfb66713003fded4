package foreign.testkit;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SignaturesTest {

  @Property(tries = 50)
  boolean noSignatureIsEmpty(@ForAll("signatures") String signature) {
    return !signature.isEmpty();
  }

  @Provide
  Arbitrary<String> signatures() {
    return Signatures.signatures();
  }
}
