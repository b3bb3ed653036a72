package io.tarsy.history.session;

import io.tarsy.history.database.TransactionalEntityManager;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.metrics.Metrics;
import jakarta.annotation.Priority;
import jakarta.enterprise.util.Nonbinding;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.InterceptorBinding;
import jakarta.interceptor.InvocationContext;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** Marks a method that writes one record: what became of it is counted once its transaction is durable. */
@InterceptorBinding
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@interface Tallied {
    /** What kind of record it is. */
    @Nonbinding
    String value() default "";

    /** Looks at the outcome. */
    @Tallied
    @jakarta.interceptor.Interceptor
    @Priority(jakarta.interceptor.Interceptor.Priority.APPLICATION)
    class Counter {
        @Inject
        TransactionalEntityManager transactions;

        @Inject
        Metrics metrics;

        @AroundInvoke
        @Nullable
        Object count(InvocationContext call) throws Exception {
            var kind = call.getMethod().getAnnotation(Tallied.class).value();
            try {
                var result = call.proceed();
                note(
                        kind,
                        result instanceof Recorded recorded ? recorded.outcome().word() : "deleted");
                return result;
            } catch (ProblemException refused) {
                note(kind, "rejected");
                throw refused;
            }
        }

        private void note(String kind, String outcome) {
            transactions.member(Tally.class, () -> new Tally(metrics)).add(kind, outcome);
        }
    }
}
