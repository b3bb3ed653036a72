package io.tarsy.history.ops;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.config.UnknownName;
import io.tarsy.history.database.Check;
import io.tarsy.history.database.Check.Finding;
import io.tarsy.history.database.Checks;
import io.tarsy.history.database.Database;
import io.tarsy.history.database.DatabaseType;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Collectors;

/** Whether the settings say what was meant. */
@ApplicationScoped
public class SettingsChecks implements Checks {
    @Inject
    Settings settings;

    @Inject
    Database database;

    @Override
    public List<Check> list() {
        return List.of(
                Check.ofMachine(
                        "settings_unknown",
                        "Every setting is known",
                        "A misspelt name is read by nobody, and its default holds instead.",
                        () -> unknown(settings.unknown())),
                Check.ofMachine(
                        "settings_warnings",
                        "The settings do not contradict each other",
                        "Two values for the same thing, or one that nothing uses, are seldom meant.",
                        () -> warnings(database.chosen().warnings(), settings.unknown())),
                Check.ofMachine(
                        "timeouts",
                        "Waits end in a sensible order",
                        "A statement should be cancelled by the database before its connection is given up, and a"
                                + " wait for a connection should end before a client loses patience.",
                        this::timeouts),
                Check.ofMachine(
                        "listen_address",
                        "Only this machine can connect",
                        "Without sign-in, whoever can connect can read and change everything.",
                        this::address),
                Check.ofMachine(
                        "orphan_timeout",
                        "Sessions of silent agents end",
                        "An agent that was killed cannot say so; its session would run for ever.",
                        () -> orphans(settings.number(ConfigKey.ORPHANED_SESSION_TIMEOUT_MINUTES))));
    }

    private Finding address() {
        if (!settings.required(ConfigKey.HISTORY_SIGN_IN).equals("none")) {
            return Finding.ok("Whoever connects must sign in (HISTORY_SIGN_IN).");
        }
        return settings.isSet(ConfigKey.TARSY_HTTP_HOST)
                ? listens(settings.required(ConfigKey.TARSY_HTTP_HOST))
                : Finding.skipped("TARSY_HTTP_HOST is not set; the application server knows.");
    }

    static Finding unknown(List<UnknownName> unknown) {
        return Finding.okIf(
                unknown.isEmpty(),
                unknown.isEmpty()
                        ? "Every name that looks like one of ours is."
                        : unknown.stream().map(UnknownName::sentence).collect(Collectors.joining(" ")),
                "Correct the name, or remove it; docs/configuration.md lists all.");
    }

    static Finding warnings(List<String> warnings, List<UnknownName> unknown) {
        var misspelt = unknown.stream().map(UnknownName::sentence).toList();
        var others =
                warnings.stream().filter(warning -> !misspelt.contains(warning)).toList();
        return Finding.okIf(
                others.isEmpty(),
                others.isEmpty() ? "There is no warning." : String.join(" ", others),
                "Keep one of the settings that are named and remove the other, then restart.");
    }

    private Finding timeouts() {
        var chosen = database.chosen();
        if (chosen.type() != DatabaseType.POSTGRESQL) {
            return Finding.skipped("The database is in this process: there is no way to it that could fall silent.");
        }
        int socket = chosen.socketTimeoutSeconds();
        int statement = chosen.statementTimeoutSeconds();
        return Finding.okIf(
                socket > statement,
                "POSTGRES_STATEMENT_TIMEOUT is %d s, POSTGRES_SOCKET_TIMEOUT %d s; a request waits %d s at most."
                        .formatted(statement, socket, chosen.requestTimeoutSeconds()),
                "Set POSTGRES_SOCKET_TIMEOUT above POSTGRES_STATEMENT_TIMEOUT.");
    }

    static Finding listens(String host) {
        boolean local = host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
        return Finding.okIf(
                local,
                "The server listens on " + host + ".",
                "Set TARSY_HTTP_HOST=127.0.0.1, or let only a proxy that asks who is there reach it.");
    }

    static Finding orphans(int minutes) {
        return Finding.okIf(
                minutes > 0,
                minutes > 0
                        ? "A running session ends after " + minutes + " minutes without a write."
                        : "ORPHANED_SESSION_TIMEOUT_MINUTES is 0: they are never ended.",
                "Set ORPHANED_SESSION_TIMEOUT_MINUTES to more than the longest pause of an agent.");
    }
}
