// The components of GOV.UK Frontend whose script this service uses.
export { ErrorSummary, ExitThisPage } from 'govuk-frontend'
