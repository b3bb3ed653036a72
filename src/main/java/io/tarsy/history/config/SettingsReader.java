package io.tarsy.history.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One reading of all settings: looks each up under its names, checks it, and collects what is wrong. */
final class SettingsReader {

    private static final String FILE_SUFFIX = "_FILE";
    private static final String IN_MEMORY = "sqlite:///:memory:";
    private static final Pattern LAST_NEWLINE = Pattern.compile("\r?\n\\z");

    private final Function<String, @Nullable String> source;
    private final UnaryOperator<String> origins;
    private final Map<ConfigKey, Settings.Value> values = new EnumMap<>(ConfigKey.class);
    private final List<String> faults = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    SettingsReader(Function<String, @Nullable String> source, UnaryOperator<String> origins) {
        this.source = source;
        this.origins = origins;
    }

    Settings read(Iterable<String> names) {
        for (var key : ConfigKey.values()) {
            var given = given(key);
            given.flatMap(value -> checked(key, value))
                    .or(() -> given.flatMap(value -> strictest(key, value)))
                    .or(() -> defaultOf(key))
                    .ifPresent(value -> values.put(key, value));
        }
        var unknown = UnknownNames.among(names);
        unknown.forEach(name -> warnings.add(name.sentence()));
        return new Settings(values, faults, warnings, unknown);
    }

    private Optional<Settings.Value> given(ConfigKey key) {
        var value = lookUp(key.name(), key.dotted());
        if (!key.allowsFile()) {
            return value;
        }
        var file = lookUp(key.name() + FILE_SUFFIX, key.dotted() + ".file");
        if (value.isPresent() && file.isPresent()) {
            faults.add(value.get().source() + " and " + file.get().source() + " are both set: keep one of them.");
            return value;
        }
        return value.or(() -> file.flatMap(this::content));
    }

    private Optional<Settings.Value> lookUp(String name, String dotted) {
        var text = filled(name);
        var other = filled(dotted);
        if (text != null && other != null && !text.equals(other)) {
            warnings.add(name + " and " + dotted + " are set to different values; " + name + " is used.");
        }
        if (text != null) {
            return Optional.of(found(text, name));
        }
        return other == null ? Optional.empty() : Optional.of(found(other, dotted));
    }

    private Settings.Value found(String text, String name) {
        return new Settings.Value(text, name, origins.apply(name), true);
    }

    private @Nullable String filled(String name) {
        var text = source.apply(name);
        return text == null || text.isEmpty() ? null : text;
    }

    private Optional<Settings.Value> content(Settings.Value file) {
        try {
            var text =
                    LAST_NEWLINE.matcher(Files.readString(Path.of(file.text()))).replaceFirst("");
            if (text.isEmpty()) {
                faults.add(file.source() + " names a file that is empty.");
                return Optional.empty();
            }
            return Optional.of(new Settings.Value(text, file.source(), "file via " + file.source(), true));
        } catch (CharacterCodingException notText) {
            faults.add(file.source() + " names a file that is not UTF-8 text.");
        } catch (IOException | InvalidPathException unreadable) {
            faults.add(file.source() + " must be the path of a file that can be read, and it is not.");
        }
        return Optional.empty();
    }

    private Optional<Settings.Value> checked(ConfigKey key, Settings.Value value) {
        var text = key.rule().canonical(value.text());
        if (text.isEmpty()) {
            faults.add(value.source() + " must be " + key.rule().allowed() + shown(key, value.text()) + ".");
        }
        return text.map(canonical -> new Settings.Value(canonical, value.source(), value.origin(), true));
    }

    /** What protects must not stand open because its value is misspelt. */
    private static Optional<Settings.Value> strictest(ConfigKey key, Settings.Value wrong) {
        return key == ConfigKey.HISTORY_SIGN_IN
                ? Optional.of(new Settings.Value("server", wrong.source(), wrong.origin(), true))
                : Optional.empty();
    }

    private static String shown(ConfigKey key, String text) {
        return key.secret() == ConfigKey.Secret.NO ? ", not '" + text + "'" : "";
    }

    private Optional<Settings.Value> defaultOf(ConfigKey key) {
        var text = key == ConfigKey.HISTORY_DATABASE_URL && isTest() ? IN_MEMORY : key.defaultText();
        return Optional.ofNullable(text)
                .map(value -> new Settings.Value(value, Settings.DEFAULT, Settings.DEFAULT, false));
    }

    private boolean isTest() {
        return lookUp("mp.config.profile", "MP_CONFIG_PROFILE")
                .filter(profile -> profile.text().equals("test"))
                .isPresent();
    }
}
