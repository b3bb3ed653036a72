package io.tarsy.history.database;

import io.tarsy.history.config.ValueRule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A parameter that the connection string of PostgreSQL may carry after its question mark; names are libpq's. */
enum UrlParameter {
    POOL_SIZE("pool_size", ValueRule.between(1, 10_000)),
    MAX_OVERFLOW("max_overflow", ValueRule.between(0, 10_000)),
    POOL_TIMEOUT("pool_timeout", ValueRule.between(1, 86_400)),
    POOL_RECYCLE("pool_recycle", ValueRule.atLeast(1).orMinusOne()),
    POOL_PRE_PING("pool_pre_ping", ValueRule.flag()),
    SSL_MODE("sslmode", ValueRule.oneOf("disable", "allow", "prefer", "require", "verify-ca", "verify-full")),
    SSL_ROOT_CERT("sslrootcert", ValueRule.text()),
    SSL_CERT("sslcert", ValueRule.text()),
    SSL_KEY("sslkey", ValueRule.text()),
    CONNECT_TIMEOUT("connect_timeout", ValueRule.between(1, 3_600)),
    APPLICATION_NAME("application_name", ValueRule.text()),
    OPTIONS("options", ValueRule.text()),
    TARGET_SESSION_ATTRS(
            "target_session_attrs",
            ValueRule.oneOf("any", "read-write", "read-only", "primary", "standby", "prefer-standby")),
    TARGET_SERVER_TYPE(
            "targetServerType", ValueRule.oneOf("any", "primary", "secondary", "preferSecondary", "preferPrimary"));

    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // its list is copied and cannot change
    private final ValueRule rule;

    UrlParameter(String text, ValueRule rule) {
        this.text = text;
        this.rule = rule;
    }

    /** The name as written in a connection string. */
    String text() {
        return text;
    }

    ValueRule rule() {
        return rule;
    }

    static Optional<UrlParameter> of(String name) {
        return Arrays.stream(values())
                .filter(parameter -> parameter.text.equals(name))
                .findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(UrlParameter::text).toList();
    }
}
