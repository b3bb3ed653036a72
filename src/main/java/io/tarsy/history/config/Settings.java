package io.tarsy.history.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All settings, read and checked once. A value that breaks its rule is a fault and its default stands in for it, so
 * that everything else can still be checked; nobody may start with faults. Only {@link ConfigKey#HISTORY_SIGN_IN} then
 * counts as {@code server}: what protects must not stand open by mistake.
 */
public final class Settings {
    /** Says that nobody gave a value. */
    public static final String DEFAULT = "default";

    private final Map<ConfigKey, Value> values;
    private final List<String> faults;
    private final List<String> warnings;
    private final List<UnknownName> unknown;

    Settings(Map<ConfigKey, Value> values, List<String> faults, List<String> warnings, List<UnknownName> unknown) {
        this.values = new EnumMap<>(values);
        this.faults = List.copyOf(faults);
        this.warnings = List.copyOf(warnings);
        this.unknown = List.copyOf(unknown);
    }

    /** A value, the name that gave it, and where that name was found. */
    record Value(String text, String source, String origin, boolean given) {}

    /**
     * Reads every setting: the environment name first, then the dotted name, then the file that {@code <NAME>_FILE}
     * names. Nothing is thrown; see {@link #faults()}.
     *
     * @param source the text under a name, or null
     * @param names every name there is, to find misspelt ones
     */
    public static Settings read(Function<String, @Nullable String> source, Iterable<String> names) {
        return read(source, names, name -> "setting " + name);
    }

    /**
     * The same, from places that are known.
     *
     * @param origins where a name was found, for people, such as {@code environment HISTORY_ENABLED}
     */
    static Settings read(
            Function<String, @Nullable String> source, Iterable<String> names, UnaryOperator<String> origins) {
        return new SettingsReader(source, origins).read(names);
    }

    /** The settings of this process: system properties, then environment variables. */
    public static Settings fromProcess() {
        var names = new ArrayList<>(System.getProperties().stringPropertyNames());
        names.addAll(System.getenv().keySet());
        return read(
                Settings::ofProcess,
                names,
                name -> (System.getProperty(name) == null ? "environment " : "system property ") + name);
    }

    private static @Nullable String ofProcess(String name) {
        var property = System.getProperty(name);
        return property != null ? property : System.getenv(name);
    }

    /** Everything that is wrong, a sentence each, without any secret. */
    public List<String> faults() {
        return faults;
    }

    /** Everything that looks like a mistake but stops nothing. */
    public List<String> warnings() {
        return warnings;
    }

    /** Every name that looks like a setting of ours and is none. */
    public List<UnknownName> unknown() {
        return unknown;
    }

    /** The value or its default, or null if it has neither. */
    public @Nullable String text(ConfigKey key) {
        var value = values.get(key);
        return value == null ? null : value.text();
    }

    /** The value or its default, of a setting that always has one. */
    public String required(ConfigKey key) {
        var text = text(key);
        if (text == null) {
            throw new IllegalStateException(key + " has neither a value nor a default");
        }
        return text;
    }

    /** The value of a number. */
    public int number(ConfigKey key) {
        return Integer.parseInt(required(key));
    }

    /** The value of a setting that is true or false. */
    public boolean flag(ConfigKey key) {
        return Boolean.parseBoolean(required(key));
    }

    /** Whether somebody gave it a value, rather than leaving it to its default. */
    public boolean isSet(ConfigKey key) {
        var value = values.get(key);
        return value != null && value.given();
    }

    /** The name that gave the value, or {@code default}. */
    public String source(ConfigKey key) {
        var value = values.get(key);
        return value == null ? DEFAULT : value.source();
    }

    /** Where the value came from, for people: {@code environment HISTORY_ENABLED}, or {@code default}. */
    public String origin(ConfigKey key) {
        var value = values.get(key);
        return value == null ? DEFAULT : value.origin();
    }
}
