package fr.relais;

import java.lang.reflect.Method;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Seeds of random tests. Each run draws new seeds; with {@code -Dtests.seed=N}, each random test runs once, with the
 * seed N.
 *
 * <p>This is also an extension for classes whose parameterized tests have a seed as their last argument. It prints the
 * seed before each test, and adds to the message of a failure how to replay the test.
 */
final class Seeds implements InvocationInterceptor {

    private static final Integer GIVEN = Integer.getInteger("tests.seed");

    /** Returns this number of new seeds, or only the given seed. */
    static Stream<Integer> draw(int count) {
        return GIVEN == null ? new Random().ints(count).boxed() : Stream.of(GIVEN);
    }

    /** Returns one new seed, or the given seed. */
    static Stream<Integer> one() {
        return draw(1);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        String test = context.getRequiredTestClass().getSimpleName();
        Object seed = call.getArguments().get(call.getArguments().size() - 1);
        System.out.println(test + ", seed " + seed);
        try {
            invocation.proceed();
        } catch (Exception | AssertionError e) {
            // Maven's summary does not show the display names of tests.
            throw new AssertionError(
                    "Replay with -Dit.test=%s -Dtests.seed=%s. %s".formatted(test, seed, e.getMessage()), e);
        }
    }
}
