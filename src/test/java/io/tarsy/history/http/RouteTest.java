package io.tarsy.history.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {

    @Path("/things/{thing_id}/")
    static class ThingsResource {
        void bare() {}

        @Path("parts/{part: [0-9]+}")
        void part() {}

        @Path("/news")
        @Produces({MediaType.APPLICATION_JSON, MediaType.SERVER_SENT_EVENTS})
        void news() {}
    }

    /** As a server makes it. */
    private static final class Proxy extends ThingsResource {}

    @ParameterizedTest
    @CsvSource({
        "bare, /things/{thing_id}, false",
        "part, /things/{thing_id}/parts/{part}, false",
        "news, /things/{thing_id}/news, true",
    })
    void isWhatTheResourceSays(String method, String template, boolean endless) {
        var found = Arrays.stream(ThingsResource.class.getDeclaredMethods())
                .filter(one -> one.getName().equals(method))
                .findFirst()
                .orElseThrow();

        assertThat(Route.of(ThingsResource.class, found)).isEqualTo(new Route(template, endless));
        assertThat(Route.of(Proxy.class, found)).isEqualTo(new Route(template, endless));
    }
}
