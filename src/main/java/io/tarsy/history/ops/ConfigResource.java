package io.tarsy.history.ops;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.Database;
import io.tarsy.history.database.EffectiveSetting;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Query;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.Locale;

/** Speaks HTTP about the settings: which hold, and where each came from. It asks no database. */
@ApplicationScoped
@Path("system/config")
@Produces(MediaType.APPLICATION_JSON)
public class ConfigResource {
    @Inject
    Settings settings;

    @Inject
    Database database;

    /** Every setting, without secrets. */
    @GET
    public Response config(@Context UriInfo uri) {
        Query.none(uri.getQueryParameters());
        return Answer.fresh(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("settings");
            for (var setting : EffectiveSetting.all(settings, database.chosen())) {
                write(json, setting);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("unknown");
            for (var unknown : settings.unknown()) {
                json.writeStartObject();
                JsonText.write(json, "name", unknown.name());
                JsonText.write(json, "did_you_mean", unknown.nearest());
                json.writeEndObject();
            }
            json.writeEndArray();
            JsonText.write(json, "warnings", database.chosen().warnings());
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, EffectiveSetting setting) throws IOException {
        var key = setting.key();
        json.writeStartObject();
        json.writeStringField("key", key.name());
        json.writeStringField("group", key.group().name().toLowerCase(Locale.ROOT));
        JsonText.write(json, "value", setting.value());
        JsonText.write(json, "source", setting.source());
        JsonText.write(json, "default", key.defaultText());
        json.writeStringField("allowed", key.rule().allowed());
        json.writeStringField("description", key.description());
        json.writeBooleanField("secret", key.secret() != ConfigKey.Secret.NO);
        json.writeBooleanField("restart_needed", true); // all are read once, at the start
        json.writeEndObject();
    }
}
