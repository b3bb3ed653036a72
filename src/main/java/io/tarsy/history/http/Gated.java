package io.tarsy.history.http;

import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.NameBinding;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a resource that answers only while the history can be reached. */
@NameBinding
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface Gated {

    /** Asks before the request's body is read. */
    @Gated
    @Provider
    @Priority(Priorities.AUTHORIZATION)
    class Filter implements ContainerRequestFilter {
        @Inject
        Gate gate;

        @Context
        @SuppressWarnings("NullAway.Init")
        ResourceInfo resource;

        @Override
        public void filter(ContainerRequestContext request) {
            if (!resource.getResourceMethod().isAnnotationPresent(Deferrable.class)) {
                gate.require();
            }
        }
    }
}
