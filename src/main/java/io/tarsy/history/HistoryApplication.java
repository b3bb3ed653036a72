package io.tarsy.history;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** The API lives under {@code /api/v1}; everything beside it belongs to the start page and the server. */
@ApplicationPath("/api/v1")
public class HistoryApplication extends Application {}
