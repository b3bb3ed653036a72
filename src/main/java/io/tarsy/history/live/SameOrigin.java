package io.tarsy.history.live;

import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks from which page a WebSocket is opened: a browser lets every page of the world open one. */
public class SameOrigin extends ServerEndpointConfig.Configurator {
    private static final String REFUSED = SameOrigin.class.getName();

    @Override
    public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
        config.getUserProperties().put(REFUSED, !isSame(request.getHeaders()));
    }

    static boolean isRefused(EndpointConfig config) {
        return Boolean.TRUE.equals(config.getUserProperties().get(REFUSED));
    }

    static boolean isSame(Map<String, List<String>> headers) {
        var origin = header(headers, "Origin");
        if (origin == null) {
            return true; // no browser
        }
        try {
            var authority = URI.create(origin).getRawAuthority();
            return authority != null
                    && (authority.equalsIgnoreCase(header(headers, "Host"))
                            || authority.equalsIgnoreCase(header(headers, "X-Forwarded-Host")));
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    private static @Nullable String header(Map<String, List<String>> headers, String name) {
        for (var entry : headers.entrySet()) {
            if (name.equalsIgnoreCase(entry.getKey()) && !entry.getValue().isEmpty()) {
                return entry.getValue().get(0);
            }
        }
        return null;
    }
}
