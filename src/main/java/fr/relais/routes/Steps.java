package fr.relais.routes;

import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.NamedNode;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.OnFallbackDefinition;
import org.apache.camel.model.OtherwiseDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.model.WhenDefinition;

/** The steps of a route or configuration, including nested steps and clauses such as doCatch. */
final class Steps {

    private Steps() {}

    /** Returns the steps, each before the steps inside it. */
    static Stream<NamedNode> of(NamedNode node) {
        return children(node).flatMap(child -> Stream.concat(Stream.of(child), of(child)));
    }

    private static Stream<? extends NamedNode> children(NamedNode node) {
        if (node instanceof RouteConfigurationDefinition configuration) {
            return Stream.of(
                            configuration.getOnExceptions(),
                            configuration.getOnCompletions(),
                            configuration.getIntercepts(),
                            configuration.getInterceptFroms(),
                            configuration.getInterceptSendTos())
                    .flatMap(List::stream);
        } else if (node instanceof ChoiceDefinition choice) {
            return Stream.concat(choice.getWhenClauses().stream(), Stream.ofNullable(choice.getOtherwise()));
        } else if (node instanceof WhenDefinition when) {
            return when.getOutputs().stream();
        } else if (node instanceof OtherwiseDefinition otherwise) {
            return otherwise.getOutputs().stream();
        } else if (node instanceof OnFallbackDefinition fallback) {
            return fallback.getOutputs().stream();
        } else if (node instanceof ProcessorDefinition<?> step) {
            return Stream.concat(step.getOutputs().stream(), clauses(step)).distinct();
        }
        return Stream.empty();
    }

    private static Stream<? extends NamedNode> clauses(ProcessorDefinition<?> step) {
        if (step instanceof TryDefinition attempt) {
            return Stream.concat(attempt.getCatchClauses().stream(), Stream.ofNullable(attempt.getFinallyClause()));
        } else if (step instanceof CircuitBreakerDefinition breaker) {
            return Stream.ofNullable(breaker.getOnFallback());
        }
        return Stream.empty();
    }
}
