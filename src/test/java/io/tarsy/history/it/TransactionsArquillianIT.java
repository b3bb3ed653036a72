package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.inject.Inject;
import java.io.File;
import java.net.URISyntaxException;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Inside the server, in the WAR that ships: what a transaction of a stateless bean keeps and what it takes back. */
@Tag("arquillian")
@ExtendWith(ArquillianExtension.class)
public class TransactionsArquillianIT {

    @Inject
    private AuditTrials trials;

    /** The artifact users get, with nothing added but these tests. */
    @Deployment
    public static WebArchive shipped() throws URISyntaxException {
        return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target/tarsy-history.war"))
                .addClasses(TransactionsArquillianIT.class, AuditTrials.class, AuditTrialsOfTheirOwn.class)
                .addAsLibrary(new File(Assertions.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()));
    }

    @Test
    public void whatSucceedsIsKept() {
        var id = id();

        trials.writes(id);

        assertThat(trials.isKept(id)).isTrue();
    }

    @Test
    public void whatFailsIsTakenBack() {
        var id = id();

        assertThatThrownBy(() -> trials.writesAndFails(id)).isNotNull();

        assertThat(trials.isKept(id)).isFalse();
    }

    @Test
    public void whatIsMarkedForRollbackIsTakenBack() {
        var id = id();

        trials.writesAndSetsRollbackOnly(id);

        assertThat(trials.isKept(id)).isFalse();
    }

    @Test
    public void whatTheDatabaseRefusesIsTakenBackAsAWhole() {
        var id = id();

        assertThatThrownBy(() -> trials.writesTwiceTheSame(id)).isNotNull();

        assertThat(trials.isKept(id)).isFalse();
    }

    @Test
    public void aTransactionOfItsOwnOutlivesItsCallers() {
        var own = id();
        var siblings = id();

        assertThatThrownBy(() -> trials.letsTheSiblingWriteThenWritesAndFails(siblings, own))
                .isNotNull();

        assertThat(trials.isKept(siblings)).isTrue();
        assertThat(trials.isKept(own)).isFalse();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
