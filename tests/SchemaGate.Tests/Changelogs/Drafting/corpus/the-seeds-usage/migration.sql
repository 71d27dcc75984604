-- CreateEnum
CREATE TYPE "CSAIUsageType" AS ENUM ('VOICE_CALL', 'CHAT_SESSION', 'EMAIL_SUPPORT', 'SMS_SUPPORT');

-- CreateTable
CREATE TABLE "cs_ai_usage" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "usageType" "CSAIUsageType" NOT NULL,
    "sessionId" TEXT,
    "voiceCallId" TEXT,
    "durationSeconds" INTEGER,
    "cost" DECIMAL(10,4) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cs_ai_usage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cs_ai_pricing" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "usageType" "CSAIUsageType" NOT NULL,
    "unitPrice" DECIMAL(10,4) NOT NULL,

    CONSTRAINT "cs_ai_pricing_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cs_ai_usage_summary" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "periodStart" TIMESTAMP(3) NOT NULL,
    "periodEnd" TIMESTAMP(3) NOT NULL,
    "totalCost" DECIMAL(12,4) NOT NULL DEFAULT 0,

    CONSTRAINT "cs_ai_usage_summary_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "cs_ai_usage_organizationId_createdAt_idx" ON "cs_ai_usage"("organizationId", "createdAt");

-- AddForeignKey
ALTER TABLE "cs_ai_usage" ADD CONSTRAINT "cs_ai_usage_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cs_ai_usage" ADD CONSTRAINT "cs_ai_usage_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "cs_sessions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cs_ai_usage" ADD CONSTRAINT "cs_ai_usage_voiceCallId_fkey" FOREIGN KEY ("voiceCallId") REFERENCES "voice_calls"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cs_ai_pricing" ADD CONSTRAINT "cs_ai_pricing_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cs_ai_usage_summary" ADD CONSTRAINT "cs_ai_usage_summary_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
