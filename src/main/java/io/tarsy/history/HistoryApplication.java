package io.tarsy.history;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;

/** The API lives under {@code /api/v1}; everything beside it belongs to the start page and the server. */
@ApplicationPath("/api/v1")
public class HistoryApplication extends Application {
    /** Payara would describe the API in WADL beside the OpenAPI document. */
    @Override
    public Map<String, Object> getProperties() {
        return Map.of("jersey.config.server.wadl.disableWadl", true);
    }
}
