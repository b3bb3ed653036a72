package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An agent that has nothing to write says that it is at work; and whoever needs a session holds it. */
class HeartbeatIT {

    private final TarsyClient tarsy = TestServer.shared().client();

    @Test
    void aHeartbeatChangesNothingThatIsRead() {
        var id = tarsy.createsSession(Sample.session());
        var before = tarsy.get(session(id)).expect(200);

        tarsy.post(session(id) + "/heartbeat", "").expect(204);

        tarsy.get(session(id), "If-None-Match", before.header("ETag")).expect(304);
    }

    @Test
    void aSessionThatHasEndedTakesNone() {
        var id = tarsy.createsSession(Sample.session().put("status", "completed"));

        tarsy.post(session(id) + "/heartbeat", "").problem(409);
    }

    @Test
    void anUnknownSessionTakesNone() {
        tarsy.post(session("unknown") + "/heartbeat", "").problem(404);
    }

    @Test
    void aFinishedSessionCanBeHeldAndReleased() {
        var id = tarsy.createsSession(Sample.session().put("status", "completed"));

        assertThat(tarsy.patchesSession(id, "{'retention_hold':true}")
                        .path("retention_hold")
                        .booleanValue())
                .isTrue();
        assertThat(tarsy.detail(id).path("retention_hold").booleanValue()).isTrue();
        assertThat(tarsy.patchesSession(id, "{'retention_hold':false}")
                        .path("retention_hold")
                        .booleanValue())
                .isFalse();
        tarsy.patchesSession(id, "{'retention_hold':true}");
        assertThat(tarsy.patchesSession(id, "{'retention_hold':null}")
                        .path("retention_hold")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void aHoldGoesOutAndComesInAgain() {
        var id = tarsy.createsSession(Sample.session().put("status", "completed"));
        tarsy.patchesSession(id, "{'retention_hold':true}");
        var export = tarsy.get(session(id) + "/export").expect(200).text();
        tarsy.delete(session(id)).expect(204);

        tarsy.batch(export).expect(200);

        assertThat(tarsy.detail(id).path("retention_hold").booleanValue()).isTrue();
        assertThat(tarsy.get(session(id) + "/export").expect(200).text()).isEqualTo(export);
    }
}
