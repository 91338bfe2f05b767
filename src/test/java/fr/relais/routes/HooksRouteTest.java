package fr.relais.routes;

import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code 35-hooks.camel.yaml} */
class HooksRouteTest extends RouteTest {

    HooksRouteTest() {
        super("35-hooks");
    }

    @Override
    protected void bind(Registry beans) {
        // The packed hooks call no bean.
    }

    @ParameterizedTest
    @ValueSource(strings = {"relais-transform-offer", "relais-offer-removed", "relais-sweep-ended"})
    void a_packed_hook_leaves_the_message_unchanged(String hook) throws Exception {
        AdviceWith.adviceWith(context, hook, route -> route.weaveAddLast().to("mock:end"));
        getMockEndpoint("mock:end").expectedBodiesReceived("body");

        template.sendBody("direct:" + hook, "body");

        MockEndpoint.assertIsSatisfied(context);
    }
}
